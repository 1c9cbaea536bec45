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
  /** The model that its owner lets answer so many of a hundred questions to it (lib/serving/canary). */
  canary: { modelId: string; percent: number } | null;
  /** The first version of its name, which passes are for. */
  familyId: string;
  /** Who may ask it besides its owner: everybody, or holders of a pass (lib/passes). */
  access: 'everybody' | 'holders';
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

/** Speed of an adapter's newest answers (worker/serve/adapter-timings.ts). Milliseconds; null before the first answer. */
export type AdapterTiming = {
  answers: number;
  firstTokenP50Ms: number | null;
  firstTokenP95Ms: number | null;
  tokensPerSecond: number | null;
};

/** One base model's engine in the serve process: now, and its adapters' cache since the process started. */
export type ServingEngine = {
  baseModel: string;
  slots: number;
  running: number;
  queued: number;
  hotAdapters: number;
  hotBytes: number;
  hits: number;
  misses: number;
  evictions: number;
};

/** An adapter of a live model, and where it is now. */
export type ModelAdapter = {
  adapterId: string;
  modelSlug: string;
  modelName: string;
  owner: `0x${string}`;
  baseModel: string;
  /** Rank of the LoRA matrices; null where the adapter's manifest does not say. */
  rank: number | null;
  /**
   * hot: in memory; warm: on the serve process's disk; cold: in the object store alone. null: the serve process is down.
   * The rest is its own measure too, and null for what it has not used since its start.
   */
  state: 'hot' | 'warm' | 'cold' | null;
  isPinned: boolean;
  sizeBytes: number | null;
  lastUsedAt: Date | null;
  /** Of the last load into memory. */
  loadMs: number | null;
  /** Requests that found it in memory, and those that had to load it. */
  hits: number;
  misses: number;
  timing: AdapterTiming | null;
};

/** Answers of an account in a span of time. Amounts in wei. */
export type UsageTotals = { answers: number; promptTokens: number; completionTokens: number; feeWei: bigint };
/** `key`: an API key's name; null: asked on the site, or by a payment with the request. */
export type UsageLine = UsageTotals & { model: string; key: string | null };
export type UsageDay = UsageTotals & { day: string };
export type UsageSummary = { total: UsageTotals; lines: UsageLine[]; days: UsageDay[] };

/** One answer. */
export type UsedAnswer = {
  id: string;
  at: Date;
  model: string;
  key: string | null;
  keyId: string | null;
  promptTokens: number;
  completionTokens: number;
  finishReason: string | null;
  feeWei: bigint;
};

export type ChargeKind = 'answer' | 'training' | 'task' | 'pass';
/** One charge beside answers. `ref`: the run, task or model that it was for; `name` is its name. */
export type UsedCharge = {
  kind: Exclude<ChargeKind, 'answer'>;
  id: string;
  at: Date;
  ref: string;
  name: string;
  key: string | null;
  /** How a training or task ended; `held`: an app still works on it. */
  outcome: string | null;
  feeWei: bigint;
  /** Null: nothing was charged, or its receipt is being signed. */
  receiptId: string | null;
};
/** What was spent by one key (null: on the site), in all and by kind. */
export type KeySpending = {
  keyId: string | null;
  key: string | null;
  feeWei: bigint;
  kinds: Partial<Record<ChargeKind, { count: number; feeWei: bigint }>>;
};

/** What a model answered since a canary was set. */
export type CanarySide = { slug: string; name: string; done: number; failed: number };
/** A model of which another of the same owner answers `percent` of the questions; 0: it was taken back. */
export type CanaryRoute = {
  owner: `0x${string}`;
  percent: number;
  /** What held before; null where this is the first. */
  percentBefore: number | null;
  /** Why the installation took it back by itself; null where the owner set it. */
  stoppedWhy: string | null;
  setAt: Date;
  model: CanarySide;
  canary: CanarySide;
};

/** A model that fits a question, and why: words of the question with the rows of its Datanet that have them. */
export type RankedModel = {
  slug: string;
  name: string;
  datanet: string;
  words: { word: string; rows: number }[];
  /** How well it fits against the best one, in (0, 1]. */
  part: number;
};
