import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { storedFileResponse } from '#app/_server/stored-file-response.ts';
import { ParquetFileNotFoundError } from '#lib/dataset-viewer/errors.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { getVersionExport } from '#lib/dataset-viewer/request-version-export.ts';

/** One Parquet file of a version; `/viewer/parquet` lists them. */
export const GET = defineRoute({
  input: z.object({ slug: z.string().max(80), number: z.coerce.number().int().min(1), file: z.string().max(40) }),
  auth: 'visitor',
  limit: { name: 'download', max: 60, windowSeconds: 60 },
  run: async ({ deps, actor, input, request }) => {
    const version = await getViewerVersion(deps, actor, {
      dataset: input.slug,
      revision: input.number,
    });
    const { slug, number, tier } = version;
    const { shards } = await getVersionExport(deps, version);
    const shard = shards.find(({ filename }) => filename === input.file);
    if (!shard) throw new ParquetFileNotFoundError(input.file);
    const { key, sha256: hash } = shard;
    const type = 'application/vnd.apache.parquet';
    const isPrivate = tier !== 'public';
    return storedFileResponse(deps, request, {
      key,
      hash,
      name: `${slug}-v${number}-${shard.filename}`,
      type,
      isPrivate,
    });
  },
});
