import { defineRoute } from '#app/_server/define-route.ts';
import { findViewerVersion } from '#lib/dataset-viewer/find-viewer-version.ts';
import { readViewerRows } from '#lib/dataset-viewer/read-viewer-rows.ts';
import { viewerLimit, viewerPlaceInput } from '../_viewer-input.ts';

/** Any hundred rows, in the version's order. */
export const GET = defineRoute({
  input: viewerPlaceInput,
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, input }) => readViewerRows(deps.db, await findViewerVersion(deps.db, input), input),
});
