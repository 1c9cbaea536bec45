import { defineRoute } from '#app/_server/define-route.ts';
import { findViewerVersion } from '#lib/dataset-viewer/find-viewer-version.ts';
import { getVersionExport } from '#lib/dataset-viewer/request-version-export.ts';
import { viewerInput, viewerLimit } from '../_viewer-input.ts';

/** Lengths, times and labels of every column, with histograms. */
export const GET = defineRoute({
  input: viewerInput,
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, input }) => {
    const version = await findViewerVersion(deps.db, input);
    const { rowCount } = version;
    const { statistics } = await getVersionExport(deps, version);
    return { num_examples: rowCount, statistics, partial: false };
  },
});
