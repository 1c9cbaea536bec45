import type { RegisterVoucher } from '#components/model-factory/use-training-payment.ts';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { BuyPassInput, GrantPassInput, RevokePassInput, SetModelAccessInput } from '#lib/passes/schema.ts';

/** The server's side of a model's access. */
export type AccessActions = {
  buy: (input: BuyPassInput) => Promise<ActionResult<{ passId: string }>>;
  grant: (input: Omit<GrantPassInput, 'holder'> & { holder: string }) => Promise<ActionResult<{ passId: string }>>;
  registerVoucher: RegisterVoucher;
  revoke: (input: RevokePassInput) => Promise<ActionResult<void>>;
  set: (input: SetModelAccessInput) => Promise<ActionResult<void>>;
};
