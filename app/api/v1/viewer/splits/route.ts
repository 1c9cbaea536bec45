import { defineRoute } from '#app/_server/define-route.ts';
import { findViewerVersion } from '#lib/dataset-viewer/find-viewer-version.ts';
import { placeOf, viewerInput, viewerLimit } from '../_viewer-input.ts';

/** A version is one split. */
export const GET = defineRoute({
  input: viewerInput,
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, input }) => {
    const { slug } = await findViewerVersion(deps.db, input);
    return { splits: [placeOf(slug)], pending: [], failed: [] };
  },
});
