import type { PoolKind } from '#lib/kernel/pool-of.ts';

type Hex = `0x${string}`;

/** What a pool is about. `pool` is its name on chain: a byte of kind, then the id (PoolIds.sol). */
export type PoolSubject = {
  pool: Hex;
  kind: PoolKind;
  /** Registry number of a Datanet or model; address of a validator. */
  id: string;
  name: string;
  /** The subject's page; null where it has none. */
  href: string | null;
};

/** What was paid in for stakers within the last month of the chain, by where it came from. */
export type PaidIn = { feesWei: bigint; emissionsWei: bigint };

/** A pool as it stands: the contract's state, and what events tell of its past. */
export type PoolView = PoolSubject & {
  stakedWei: bigint;
  /** Leaving, still liable to slashes. */
  unbondingWei: bigint;
  /** Slashed so far that it takes no new stake. */
  isClosed: boolean;
  paidIn: PaidIn;
  slashCount: number;
};

/** One slash of a pool, or of one account in it. */
export type Slash = {
  /** Null: the whole pool. */
  account: Hex | null;
  by: Hex;
  to: Hex;
  bps: number;
  takenWei: bigint;
  reason: Hex;
  txHash: Hex;
  at: Date | null;
};

/** What may be taken from a pool at worst, and how long leaving takes, as the contracts have it now. */
export type PoolTerms = {
  /** Largest share of a pool that one slash may take now; less than the limit when the month's is nearly used up. */
  slashableBps: number;
  /** Largest share that slashes may take within any month. */
  monthBps: number;
  monthSeconds: number;
  unbondingSeconds: number;
  /** A dispute keeps unbonding stake in the pool until then; null: none. */
  heldUntil: Date | null;
  /** The running stream of rewards; null: nothing is being paid. */
  stream: { weiPerSecond: bigint; endsAt: Date } | null;
};

export type PoolPosition = {
  account: Hex;
  stakedWei: bigint;
  /** What `unbond` counts in; a share is worth less after each slash. */
  shares: bigint;
  unbondingWei: bigint;
  /** From when the unbonding stake may be withdrawn; null: nothing is unbonding. */
  withdrawableAt: Date | null;
  rewardWei: bigint;
};
