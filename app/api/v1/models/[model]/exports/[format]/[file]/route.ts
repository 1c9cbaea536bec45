import { defineRoute } from '#app/_server/define-route.ts';
import { openModelFile } from '#lib/model-exports/open-model-file.ts';
import { exportFileSchema } from '#lib/model-exports/schema.ts';

/** One file of an export, as a stream, for the model's owner. */
export const GET = defineRoute({
  input: exportFileSchema,
  auth: 'account',
  limit: { name: 'download', max: 60, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const { name, sizeBytes, sha256, body } = await openModelFile(deps, actor, input);
    return new Response(body, {
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(sizeBytes),
        'content-disposition': `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`,
        'cache-control': 'private, no-cache',
        etag: `"${sha256}"`,
      },
    });
  },
});
