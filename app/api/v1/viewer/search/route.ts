import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { searchViewerRows } from '#lib/dataset-viewer/read-viewer-rows.ts';
import { viewerLimit, viewerPlaceInput } from '../_viewer-input.ts';

/** Rows that have all words of `query`. */
export const GET = defineRoute({
  input: viewerPlaceInput.extend({ query: z.string({ error: 'query=<words>' }).trim().min(1).max(200) }),
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, actor, input }) => searchViewerRows(deps.db, await getViewerVersion(deps, actor, input), input),
});
