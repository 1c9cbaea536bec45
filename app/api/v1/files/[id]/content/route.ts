import { defineRoute } from '#app/_server/define-route.ts';
import { getTrainingFile } from '#lib/fine-tuning/get-training-file.ts';
import { fileIdSchema } from '#lib/fine-tuning/schema.ts';

/** The file's bytes, for its owner alone. */
export const GET = defineRoute({
  input: fileIdSchema,
  auth: 'account',
  scope: 'train',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const file = await getTrainingFile(deps, actor, input);
    const { body, sizeBytes } = await deps.store.open(file.objectKey);
    return new Response(body, {
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(sizeBytes),
        'content-disposition': 'attachment',
        'cache-control': 'private, no-store',
      },
    });
  },
});
