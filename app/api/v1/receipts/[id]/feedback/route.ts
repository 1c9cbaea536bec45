import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { rateAnswer } from '#lib/feedback/rate-answer.ts';
import { rateAnswerSchema } from '#lib/feedback/schema.ts';

/** What who asked thinks of an answer. */
export const POST = defineRoute({
  input: rateAnswerSchema.extend({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'feedback', max: 60, windowSeconds: 60 },
  run: ({ deps, actor, input, callerKey }) =>
    rateAnswer(deps, actor, { receiptId: input.id, callerKey, verdict: input.verdict }),
});
