import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { findViewerVersion } from '#lib/dataset-viewer/find-viewer-version.ts';
import { searchViewerRows } from '#lib/dataset-viewer/read-viewer-rows.ts';
import { viewerLimit, viewerPlaceInput } from '../_viewer-input.ts';

/** Rows that have all words of `query`. */
export const GET = defineRoute({
  input: viewerPlaceInput.extend({ query: z.string({ error: 'query=<words>' }).trim().min(1).max(200) }),
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, input }) => searchViewerRows(deps.db, await findViewerVersion(deps.db, input), input),
});
