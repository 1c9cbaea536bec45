import type { Address, Hex } from 'viem';
import { z } from 'zod';

type Terms = {
  /** CAIP-2, e.g. `eip155:1612`. */
  network: string;
  amount: string;
  asset: Address;
  payTo: Address;
  maxTimeoutSeconds: number;
};

/** Vouchers on a channel: each answer costs what it is. `amount` is what the next voucher must add to the cumulative charge. */
export type BatchRequirements = Terms & {
  scheme: 'batch-settlement';
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

/** One transfer by EIP-3009, where the token knows it: the answer costs its ceiling, and no channel is needed. */
export type ExactRequirements = Terms & {
  scheme: 'exact';
  /** EIP-712 domain of the token. */
  extra: { name: string; version: string };
};

/** One way to pay, as x402 version 2 words it (specs/x402-specification-v2.md §5.1). Amounts in wei as decimal text. */
export type PaymentRequirements = BatchRequirements | ExactRequirements;

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

/** `PAYMENT-RESPONSE`. A voucher makes no transaction: the money is claimed later, many answers at once. */
export type PaymentResponse = {
  success: true;
  transaction: Hex | '';
  network: string;
  payer: Address;
  amount: string;
  extra?: { chargedAmount?: string; channelId: Hex };
};

const digits = z.string().regex(/^\d{1,39}$/);
const word = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .transform((hex) => hex.toLowerCase() as Hex);
const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((hex) => hex.toLowerCase() as Address);
const signature = z.string().regex(/^0x[0-9a-fA-F]{128,130}$/);

/** A voucher on a channel that its payer opened. */
export const voucherPayloadSchema = z.object({
  x402Version: z.literal(2),
  accepted: z.looseObject({ scheme: z.literal('batch-settlement'), network: z.string() }),
  payload: z.object({
    type: z.literal('voucher'),
    voucher: z.object({ channelId: word, maxClaimableAmount: digits, signature }),
  }),
});
/** An EIP-3009 authorization to `payTo`. */
export const exactPayloadSchema = z.object({
  x402Version: z.literal(2),
  accepted: z.looseObject({ scheme: z.literal('exact'), network: z.string() }),
  payload: z.object({
    signature: signature.transform((hex) => hex as Hex),
    authorization: z.object({
      ...{ from: address, to: address, value: digits, validAfter: digits, validBefore: digits, nonce: word },
    }),
  }),
});
export type VoucherPayload = z.infer<typeof voucherPayloadSchema>;
export type ExactPayload = z.infer<typeof exactPayloadSchema>;
/** `PAYMENT-SIGNATURE`, as far as we take it. */
export type PaymentPayload = VoucherPayload | ExactPayload;
