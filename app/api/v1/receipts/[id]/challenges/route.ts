import { defineRoute } from '#app/_server/define-route.ts';
import { challengeReceipt } from '#lib/challenges/challenge-receipt.ts';
import { challengeSchema } from '#lib/challenges/schema.ts';

/** Has a receipt computed again; the result stands under `challenges` of the receipt. */
export const POST = defineRoute({
  input: challengeSchema,
  auth: 'account',
  limit: { name: 'challenge', max: 30, windowSeconds: 3_600 },
  run: ({ deps, actor, input }) => challengeReceipt(deps, actor, { receiptId: input.id }),
});
