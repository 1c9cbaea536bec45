import { defineRoute } from '#app/_server/define-route.ts';
import { viewerOf } from '#app/_server/viewer-of.ts';
import { EmbeddingsUnsupportedError, ModelNotFoundError } from '#lib/serving/errors.ts';
import { findServableModel } from '#lib/serving/queries.ts';
import { embeddingsSchema } from '#lib/serving/schema.ts';

/** OpenAI's embeddings. The models here write text, so each refuses by a code of its own; clients need not guess. */
export const POST = defineRoute({
  input: embeddingsSchema,
  auth: 'visitor',
  scope: 'ask',
  limit: { name: 'chat', max: 120, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const model = await findServableModel(deps.db, input.model, viewerOf(actor));
    if (!model) throw new ModelNotFoundError(input.model);
    throw new EmbeddingsUnsupportedError(model.slug);
  },
});
