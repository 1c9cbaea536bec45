import { defineRoute } from '#app/_server/define-route.ts';
import { findViewerVersion } from '#lib/dataset-viewer/find-viewer-version.ts';
import { viewerInput, viewerLimit } from '../_viewer-input.ts';

/** What can be asked about a Datanet: everything, once it has a version. */
export const GET = defineRoute({
  input: viewerInput,
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, input }) => {
    await findViewerVersion(deps.db, input);
    return { preview: true, viewer: true, search: true, filter: true, statistics: true };
  },
});
