import type { ActionResult } from '#lib/kernel/result.ts';
import type { PublishModelInput } from '#lib/model-factory/schema.ts';
import type { PublishCall } from '#lib/model-factory/types.ts';
import type { RegisterVoucher } from './use-training-payment.ts';

/** What the owner can do with a run; the page passes its server actions. */
export type RunActions = {
  stop(input: { runId: string }): Promise<ActionResult<void>>;
  resume(input: { runId: string }): Promise<ActionResult<void>>;
  cancel(input: { runId: string }): Promise<ActionResult<void>>;
  /** Keeps the voucher that a resumed run is paid by. */
  registerVoucher: RegisterVoucher;
};
export type PublishAction = (input: PublishModelInput) => Promise<ActionResult<PublishCall>>;
