import { defineRoute } from '#app/_server/define-route.ts';
import { requestsOfChat } from '#lib/serving/answer-request.ts';
import { chatCompletionSchema } from '#lib/serving/schema.ts';
import { aheadAnswers, respondWithAnswers } from '../../_answers/respond-with-answers.ts';
import { chatShape } from './_chat-shape.ts';

export const maxDuration = 300;

/** OpenAI's chat completions, with `openledger: { inference_id, receipt_id, fee_wei, ceiling_wei }` beside its fields. */
export const POST = defineRoute({
  input: chatCompletionSchema,
  auth: 'visitor',
  scope: 'ask',
  limit: { name: 'chat', max: 120, windowSeconds: 60 },
  maxBytes: 256_000,
  ahead: {
    knows: (key) => aheadAnswers.knows(key),
    begin: (deps, key, input) => aheadAnswers.begin(deps, key, requestsOfChat(input)),
  },
  run: ({ input, ...context }) =>
    respondWithAnswers(context, {
      requests: requestsOfChat(input),
      shape: chatShape,
      stream: input.stream,
      includeUsage: input.stream_options?.include_usage ?? false,
      attribution: input.attribution,
    }),
});
