import { defineRoute } from '#app/_server/define-route.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { readViewerRows } from '#lib/dataset-viewer/read-viewer-rows.ts';
import { viewerPageMax } from '#lib/dataset-viewer/types.ts';
import { placeOf, viewerInput, viewerLimit } from '../_viewer-input.ts';

/** The first hundred rows; `truncated` where there are more. */
export const GET = defineRoute({
  input: viewerInput,
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, actor, input }) => {
    const version = await getViewerVersion(deps, actor, input);
    const { features, rows } = await readViewerRows(deps.db, version, { offset: 0, length: viewerPageMax });
    return { ...placeOf(version.slug), features, rows, truncated: version.rowCount > viewerPageMax };
  },
});
