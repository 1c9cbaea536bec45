import { defineRoute } from '#app/_server/define-route.ts';
import { viewerOf } from '#app/_server/viewer-of.ts';
import { embedInputs } from '#lib/serving/embeddings/embed-inputs.ts';
import { embeddingsSchema } from '#lib/serving/embeddings/schema.ts';

/** OpenAI's embeddings: the mean of a model's last hidden states. Free within a daily quota; no receipt, because nobody earns. */
export const POST = defineRoute({
  input: embeddingsSchema,
  auth: 'visitor',
  scope: 'ask',
  limit: { name: 'embed', max: 60, windowSeconds: 60 },
  maxBytes: 500_000,
  run: async ({ deps, actor, input, callerKey }) => {
    const { model, input: texts } = input;
    const found = await embedInputs(deps, { model, texts, viewer: viewerOf(actor), callerKey });
    const asAsked = input.encoding_format === 'base64' ? (vector: string) => vector : toFloats;
    return {
      object: 'list',
      model: found.model,
      data: found.vectors.map((vector, index) => ({ object: 'embedding', index, embedding: asAsked(vector) })),
      usage: { prompt_tokens: found.promptTokens, total_tokens: found.promptTokens },
    };
  },
});

function toFloats(base64: string): number[] {
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  return Array.from(new Float32Array(bytes.buffer));
}
