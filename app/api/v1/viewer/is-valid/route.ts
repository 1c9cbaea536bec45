import { defineRoute } from '#app/_server/define-route.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { viewerInput, viewerLimit } from '../_viewer-input.ts';

/** What can be asked about a Datanet: everything, once it has a version. */
export const GET = defineRoute({
  input: viewerInput,
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, actor, input }) => {
    await getViewerVersion(deps, actor, input);
    return { preview: true, viewer: true, search: true, filter: true, statistics: true };
  },
});
