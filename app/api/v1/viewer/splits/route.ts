import { defineRoute } from '#app/_server/define-route.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { placeOf, viewerInput, viewerLimit } from '../_viewer-input.ts';

/** A version is one split. */
export const GET = defineRoute({
  input: viewerInput,
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, actor, input }) => {
    const { slug } = await getViewerVersion(deps, actor, input);
    return { splits: [placeOf(slug)], pending: [], failed: [] };
  },
});
