import type { RetrievedRow } from '#lib/retrieval/types.ts';
import type { ChatMessage } from './schema.ts';

/** A model that can be asked: live on chain, with its price. Amounts in wei a token. */
export type ServableModel = {
  id: string;
  slug: string;
  name: string;
  owner: `0x${string}`;
  adapterId: string;
  versionId: string;
  datanetId: string;
  inputWeiPerToken: bigint;
  outputWeiPerToken: bigint;
  createdAt: Date;
  baseModel: string;
  /** Slug of the live model whose training this one went on from, else the base. */
  parent: string;
  /** Not on chain: its owner alone may ask it, for nothing (lib/fine-tuning). */
  isPrivate: boolean;
};

/** Who asks. `callerKey` scopes idempotency keys and free quotas. */
export type Caller =
  | { kind: 'free'; callerKey: string; apiKeyId?: string }
  | { kind: 'session'; callerKey: string; payer: `0x${string}` }
  | { kind: 'api-key'; callerKey: string; payer: `0x${string}`; apiKeyId: string }
  /** x402: nobody signed in, a new voucher on this channel pays for this one answer. */
  | { kind: 'voucher'; callerKey: string; payer: `0x${string}`; channelId: `0x${string}` }
  /** x402: one transfer of this amount pays, sent when the answer is written. */
  | { kind: 'exact'; callerKey: string; payer: `0x${string}`; amountWei: bigint };

/** A payment channel as the gateway sees it: chain events (deposit, claimed, withdraw) plus its own charges. */
export type ChannelView = {
  channelId: `0x${string}`;
  payer: `0x${string}`;
  signer: `0x${string}`;
  /** Between a withdrawal's request and its execution. */
  delaySeconds: number;
  /** Deposits minus withdrawals and refunds, wei. */
  depositWei: bigint;
  /** Requested for withdrawal: no longer spendable. */
  withdrawingWei: bigint;
  /** Unix seconds from which the withdrawal may be executed; null when none is requested. */
  withdrawAt: number | null;
  claimedWei: bigint;
  chargedWei: bigint;
  reservedWei: bigint;
  voucherWei: bigint;
};

/** A started answer: the row exists, its price ceiling is held. */
export type ReservedInference = {
  inferenceId: string;
  model: ServableModel;
  /** As the caller sent them, without the rows that the prompt holds besides. */
  messages: ChatMessage[];
  retrieved: RetrievedRow[] | null;
  promptIds: number[];
  maxTokens: number;
  ceilingWei: bigint;
};
