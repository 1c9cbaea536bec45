import type { Address, Hex } from 'viem';
import { z } from 'zod';

/** One way to pay, as x402 version 2 words it (specs/x402-specification-v2.md §5.1). Amounts in wei as decimal text. */
export type PaymentRequirements = {
  scheme: 'batch-settlement';
  /** CAIP-2, e.g. `eip155:1612`. */
  network: string;
  /** What the next voucher must add to the cumulative charge. */
  amount: string;
  asset: Address;
  payTo: Address;
  maxTimeoutSeconds: number;
  extra: {
    /** Who claims for `payTo`. */
    receiverAuthorizer: Address;
    withdrawDelay: number;
    /** Ours, not the canonical deployment: vouchers are signed for it, in this EIP-712 domain. */
    verifyingContract: Address;
    voucherDomain: { name: string; version: string };
    /** Set when a voucher came that does not fit: from where the client has to count. */
    channelState?: ChannelState;
  };
};

export type ChannelState = {
  channelId: Hex;
  balance: string;
  totalClaimed: string;
  /** What answers were charged, and what running ones hold: a voucher is for this plus `amount`. */
  chargedCumulativeAmount: string;
};

export type PaymentRequired = {
  x402Version: 2;
  error: string;
  resource: { url: string; description: string; mimeType: string };
  accepts: PaymentRequirements[];
};

/** `PAYMENT-RESPONSE`. No transaction: the money is claimed later, many answers at once. */
export type PaymentResponse = {
  success: true;
  transaction: '';
  network: string;
  payer: Address;
  amount: '';
  extra: { chargedAmount?: string; channelId: Hex };
};

/** `PAYMENT-SIGNATURE`, as far as we take it: a voucher on a channel that its payer opened. */
export const paymentPayloadSchema = z.object({
  x402Version: z.literal(2),
  accepted: z.looseObject({ scheme: z.literal('batch-settlement'), network: z.string() }),
  payload: z.object({
    type: z.literal('voucher'),
    voucher: z.object({
      channelId: z
        .string()
        .regex(/^0x[0-9a-fA-F]{64}$/)
        .transform((id) => id.toLowerCase() as Hex),
      maxClaimableAmount: z.string().regex(/^\d{1,39}$/),
      signature: z.string().regex(/^0x[0-9a-fA-F]{128,130}$/),
    }),
  }),
});
export type PaymentPayload = z.infer<typeof paymentPayloadSchema>;
