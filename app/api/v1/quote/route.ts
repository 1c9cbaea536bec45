import { defineRoute } from '#app/_server/define-route.ts';
import { viewerOf } from '#app/_server/viewer-of.ts';
import { quoteAnswer } from '#lib/serving/quote-answer.ts';
import { quoteSchema } from '#lib/serving/schema.ts';

/** The price of an answer before it is asked for: prompt tokens counted, ceiling in wei. */
export const POST = defineRoute({
  input: quoteSchema,
  auth: 'visitor',
  limit: { name: 'quote', max: 300, windowSeconds: 60 },
  maxBytes: 256_000,
  run: ({ deps, actor, input }) =>
    quoteAnswer(deps, { ...input, maxTokens: input.max_tokens, viewer: viewerOf(actor) }),
});
