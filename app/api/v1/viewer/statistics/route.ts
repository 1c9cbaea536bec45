import { defineRoute } from '#app/_server/define-route.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { getVersionExport } from '#lib/dataset-viewer/request-version-export.ts';
import { viewerInput, viewerLimit } from '../_viewer-input.ts';

/** Lengths, times and labels of every column, with histograms. */
export const GET = defineRoute({
  input: viewerInput,
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, actor, input }) => {
    const version = await getViewerVersion(deps, actor, input);
    const { rowCount } = version;
    const { statistics } = await getVersionExport(deps, version);
    return { num_examples: rowCount, statistics, partial: false };
  },
});
