'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { challengeReceipt } from '#lib/challenges/challenge-receipt.ts';
import { challengeSchema } from '#lib/challenges/schema.ts';

export const challengeReceiptAction = defineAction({
  input: challengeSchema,
  auth: 'account',
  limit: { name: 'challenge', max: 30, windowSeconds: 3_600 },
  run: (deps, actor, { id }) => challengeReceipt(deps, actor, { receiptId: id }),
});
