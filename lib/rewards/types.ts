import type { Shortage } from '#lib/solvency/types.ts';

/** The roles that a model's split names (architecture.md, Money). */
export type SplitRole = 'data' | 'model' | 'app' | 'infra' | 'validators';
/**
 * In which role an account earned: `data` by name for an answer, `common` from the common pool that answers left, `royalty` the
 * base models' part of `model`, `stakers` the Datanet's stake pool's part of `validators`.
 */
export type EarningRole = SplitRole | 'common' | 'royalty' | 'stakers';

/**
 * One entitlement: what an account earned in one role for one receipt, or (receiptId null) from a model's common pool. `modelId`
 * is empty for a training's receipt.
 */
export type RewardLine = {
  modelId: string;
  receiptId: string | null;
  account: `0x${string}`;
  role: EarningRole;
  amountWei: bigint;
};

/** Cumulative entitlement of an account, a leaf of the period's earnings tree. */
export type RewardLeaf = { account: `0x${string}`; cumulativeWei: bigint };

/**
 * Where a reward period stands. `closed` and `claimed` are ours (vouchers are being collected, the root is being posted);
 * the others are the contract's states of its epoch. `unseen`: submitted, not indexed yet (or dropped by a reorg).
 */
export type PeriodState = 'closed' | 'claimed' | 'unseen' | 'pending' | 'frozen' | 'active' | 'revoked';

/** An epoch of the ledger that is none of our periods: somebody else posted it. */
export type ForeignEpoch = {
  id: number;
  state: Extract<PeriodState, 'pending' | 'frozen' | 'active' | 'revoked'>;
  /** When it can be claimed against, unless it is challenged before. */
  activeAt: Date;
  totalWei: bigint;
  earningsRoot: string;
  txHash: string;
};

export type PeriodView = {
  id: string;
  number: number;
  state: PeriodState;
  epochId: number | null;
  /** When the challenge window ends; null before the root is on chain. */
  activeAt: Date | null;
  receiptCount: number;
  grossWei: bigint;
  protocolFeeWei: bigint;
  netWei: bigint;
  totalWei: bigint;
  root: string;
  receiptsRoot: string;
  dataKey: string;
  txHash: string | null;
  closedAt: Date;
};

/** What a period pays in one role. `byRows`: of the common pool, what goes equally over original rows. */
export type PeriodPart = { role: EarningRole; byRows: boolean; amountWei: bigint; accounts: number };

/** Arguments of `AttributionLedger.claim`. */
export type ClaimCall = {
  epochId: number;
  account: `0x${string}`;
  cumulativeWei: bigint;
  proof: `0x${string}`[];
};

export type AccountRewards = {
  account: `0x${string}`;
  /** What one `claim` pays now; its arguments are `claim`. */
  claimableWei: bigint;
  claim: ClaimCall | null;
  /** A contract that holds less than it owes: until it is made good `claim` stays null. The contract itself still pays. */
  shortage: Shortage | null;
  /** In roots whose window is still open. */
  pendingWei: bigint;
  pendingUntil: Date | null;
  /** Collected already, by the chain's Claimed events. */
  claimedWei: bigint;
  /** Settled in total: claimed + claimable + pending + what waits for its root. */
  earnedWei: bigint;
};

/** By whose word earnings are redirected: the account's own, its named recovery's, or the rotation authority's. */
export type ChangeKind = 'recipient' | 'recovery' | 'authority';

/** To whom the ledger pays what an account earned, and what is about to change about that. */
export type AccountControl = {
  account: `0x${string}`;
  /** Null: the account itself. */
  recipient: `0x${string}` | null;
  /** A rotation waits, and claims wait with it. */
  isHeld: boolean;
  /** Announced; in force when somebody confirms it after `readyAt`. `to` null: back to the account itself. */
  change: { to: `0x${string}` | null; readyAt: Date; kind: ChangeKind } | null;
  /** Who may sign a rotation when the key is lost; the account itself: nobody; null: nobody was ever named. */
  recovery: `0x${string}` | null;
  /** Between announcing and confirming a change of one's own. */
  delaySeconds: number;
};

export type ModelEarning = { modelId: string; slug: string; name: string; amountWei: bigint; receipts: number };
export type RowEarning = {
  exampleId: string;
  datanetId: string;
  datanetSlug: string;
  datanetTitle: string;
  amountWei: bigint;
  answers: number;
};
export type PeriodEarning = { periodId: string; number: number; amountWei: bigint };
export type StatementRow = {
  id: string;
  at: Date;
  periodNumber: number;
  /** Null: from the common pool of the model's answers in the period. */
  receiptId: string | null;
  /** Null: for a training. */
  modelSlug: string | null;
  role: EarningRole;
  amountWei: bigint;
};

/** How far a row has come: reviewed, learnt by a model, credited in an answer, and that answer settled. */
export type FunnelStage = 'sent' | 'accepted' | 'trained' | 'influential' | 'paid';
export type RowFunnel = {
  /** Rows at this stage or beyond: never rising from left to right. */
  counts: Record<FunnelStage, number>;
  rows: {
    exampleId: string;
    datanetSlug: string;
    datanetTitle: string;
    status: 'pending' | 'accepted' | 'rejected' | 'withdrawn' | 'superseded' | 'quarantined';
    stage: FunnelStage;
    sentAt: Date;
  }[];
};

/** How far the money of one receipt has come: its period (null: waits for the next one) and who was paid for it. */
export type ReceiptSettlement = {
  period: { number: number; state: PeriodState; activeAt: Date | null } | null;
  lines: { account: `0x${string}`; role: EarningRole; amountWei: bigint }[];
};

/** What stake pools got after a period's window. Wei. `refused`: pools that a contract did not pay, and why. */
export type PoolPayoutView = { stakersWei: bigint; emissionWei: bigint; refused: string | null; paidAt: Date };
