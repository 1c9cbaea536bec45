import { BaseError } from '#lib/kernel/base-error.ts';

/** A payment that nobody could take: it is malformed, for another chain, or not signed by the channel's key. */
export class InvalidPaymentError extends BaseError {
  readonly code = 'invalid_payment';
  readonly category = 'invalid';
  constructor(why: string) {
    super(`The x402 payment was refused: ${why}.`);
  }
}

/** The voucher is good but no longer new: it was used, or a larger one was. The answer to it says from where to count. */
export class UsedVoucherError extends BaseError {
  readonly code = 'voucher_used';
  readonly category = 'payment-required';
  constructor(channelId: string, voucherWei: bigint) {
    super('This payment voucher was used before. Sign one that is larger than all before it.', {
      facts: { channelId, voucherWei: voucherWei.toString() },
    });
  }
}

/** A transfer of less than the answer may cost. */
export class PaymentTooSmallError extends BaseError {
  readonly code = 'payment_too_small';
  readonly category = 'payment-required';
  constructor(amountWei: bigint, needWei: bigint) {
    super('The transfer is smaller than what this answer may cost.', {
      facts: { amountWei: amountWei.toString(), neededWei: needWei.toString() },
    });
  }
}
