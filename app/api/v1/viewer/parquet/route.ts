import { defineRoute } from '#app/_server/define-route.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { requestVersionExport } from '#lib/dataset-viewer/request-version-export.ts';
import { placeOf, viewerInput, viewerLimit } from '../_viewer-input.ts';

/** A version's Parquet files with their hashes; `pending` while they are being made. */
export const GET = defineRoute({
  input: viewerInput,
  auth: 'visitor',
  limit: viewerLimit,
  run: async ({ deps, actor, input }) => {
    const version = await getViewerVersion(deps, actor, input);
    const { slug, number } = version;
    const made = await requestVersionExport(deps, version);
    const base = `${deps.env.APP_URL}/api/v1/datanets/${slug}/versions/${number}/parquet`;
    return {
      parquet_files: (made?.shards ?? []).map(({ filename, sizeBytes, sha256, rows }) => ({
        ...placeOf(slug),
        ...{ url: `${base}/${filename}`, filename, size: sizeBytes, sha256, rows },
      })),
      pending: made ? [] : [placeOf(slug)],
      failed: [],
      partial: false,
    };
  },
});
