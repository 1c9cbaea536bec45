import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { filterViewerRows } from '#lib/dataset-viewer/read-viewer-rows.ts';
import { viewerLimit, viewerPlaceInput } from '../_viewer-input.ts';

/** Rows that `where` holds for, in the order of `orderby`. */
export const GET = defineRoute({
  input: viewerPlaceInput.extend({
    where: z.string({ error: 'where="column" = \'value\'' }).trim().min(1).max(2_000),
    orderby: z.string().trim().min(1).max(100).optional(),
  }),
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, actor, input }) => filterViewerRows(deps.db, await getViewerVersion(deps, actor, input), input),
});
