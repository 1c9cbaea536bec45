import { defineRoute } from '#app/_server/define-route.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { readViewerRows } from '#lib/dataset-viewer/read-viewer-rows.ts';
import { viewerLimit, viewerPlaceInput } from '../_viewer-input.ts';

/** Any hundred rows, in the version's order. */
export const GET = defineRoute({
  input: viewerPlaceInput,
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, actor, input }) => readViewerRows(deps.db, await getViewerVersion(deps, actor, input), input),
});
