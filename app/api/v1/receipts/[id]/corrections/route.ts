import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { correctAnswer } from '#lib/contributions/correct-answer.ts';
import { correctAnswerSchema } from '#lib/feedback/schema.ts';

/** Offers the answer as it should have been as a row of the model's Datanet. */
export const POST = defineRoute({
  input: correctAnswerSchema.extend({ id: z.string() }),
  auth: 'account',
  limit: { name: 'correction', max: 60, windowSeconds: 3_600 },
  run: ({ deps, actor, input: { id, consent: _, ...words }, callerKey }) =>
    correctAnswer(deps, actor, { receiptId: id, callerKey, ...words }),
});
