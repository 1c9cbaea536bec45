import { defineRoute } from '#app/_server/define-route.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { requestVersionExport } from '#lib/dataset-viewer/request-version-export.ts';
import { placeOf, viewerInput, viewerLimit } from '../_viewer-input.ts';

/** Rows, columns and bytes of a version. Its own file is the JSON Lines that its root is over. */
export const GET = defineRoute({
  input: viewerInput,
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, actor, input }) => {
    const version = await getViewerVersion(deps, actor, input);
    const { slug, rowCount, objectKey, columns } = version;
    const { dataset, config, split } = placeOf(slug);
    const made = await requestVersionExport(deps, version);
    const { sizeBytes, body } = await deps.store.open(objectKey);
    await body.cancel(); // the size is enough
    const bytes = {
      num_bytes_parquet_files: made ? made.shards.reduce((sum, shard) => sum + shard.sizeBytes, 0) : null,
      num_bytes_memory: sizeBytes,
      num_rows: rowCount,
    };
    const columnCount = { num_columns: columns.length };
    return {
      size: {
        dataset: { dataset, num_bytes_original_files: sizeBytes, ...bytes },
        configs: [{ dataset, config, num_bytes_original_files: sizeBytes, ...bytes, ...columnCount }],
        splits: [{ dataset, config, split, ...bytes, ...columnCount }],
      },
      pending: made ? [] : [{ dataset, config, split }],
      failed: [],
      partial: false,
    };
  },
});
