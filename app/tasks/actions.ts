'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { holdOnChannel } from '#lib/serving/hold-on-channel.ts';
import { registerVoucher as register } from '#lib/serving/register-voucher.ts';
import { voucherSchema } from '#lib/serving/schema.ts';
import { acceptTask } from '#lib/tasks/accept-task.ts';
import { acceptTaskSchema } from '#lib/tasks/schema.ts';

/** Its asker agrees to a task's price, as it stood on the page. */
export const acceptTaskAction = defineAction({
  input: acceptTaskSchema,
  auth: 'account',
  limit: { name: 'tasks', max: 120, windowSeconds: 60 },
  run: (deps, actor, { id, max_wei }) =>
    acceptTask({ ...deps, holdPrice: holdOnChannel }, actor, { id, maxWei: BigInt(max_wei), apiKeyId: null }),
});

/** Keeps the voucher that the price is paid by. */
export const registerVoucher = defineAction({
  input: voucherSchema,
  auth: 'account',
  limit: { name: 'voucher', max: 60, windowSeconds: 60 },
  run: register,
});
