import { defineRoute } from '#app/_server/define-route.ts';
import { requestsOfText } from '#lib/serving/answer-request.ts';
import { textCompletionSchema } from '#lib/serving/text-completion-schema.ts';
import { aheadAnswers, respondWithAnswers } from '../_answers/respond-with-answers.ts';
import { textShape } from './_text-shape.ts';

export const maxDuration = 300;

/** OpenAI's older completions: the model goes on with a text, and no chat template applies. Price and receipt as for chats. */
export const POST = defineRoute({
  input: textCompletionSchema,
  auth: 'visitor',
  scope: 'ask',
  limit: { name: 'chat', max: 120, windowSeconds: 60 },
  maxBytes: 1_000_000,
  ahead: {
    knows: (key) => aheadAnswers.knows(key),
    begin: (deps, key, input) => aheadAnswers.begin(deps, key, requestsOfText(input)),
  },
  run: ({ input, ...context }) =>
    respondWithAnswers(context, {
      requests: requestsOfText(input),
      shape: textShape,
      stream: input.stream,
      includeUsage: input.stream_options?.include_usage ?? false,
      attribution: input.attribution,
    }),
});
