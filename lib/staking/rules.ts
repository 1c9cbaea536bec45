import { type PoolKind, poolIdBits, poolKinds } from '#lib/kernel/pool-of.ts';
import type { PaidIn, PoolTerms } from './types.ts';

const bps = 10_000n;

/** Kind and id of a pool's name, or null for a word that names none. A validator's id is its address, lower-case. */
export function parsePool(pool: string): { kind: PoolKind; id: string } | null {
  if (!/^0x[0-9a-fA-F]{64}$/.test(pool)) return null;
  const word = BigInt(pool);
  const kind = poolKinds[Number(word >> poolIdBits) - 1];
  const id = word & ((1n << poolIdBits) - 1n);
  if (!kind) return null;
  if (kind !== 'validator') return { kind, id: id.toString() };
  return id < 1n << 160n ? { kind, id: `0x${id.toString(16).padStart(40, '0')}` } : null;
}

/**
 * What stakers earned in a year at the pace of the last month, in bps of what is staked now, split by source. Null where
 * nobody is staked: nothing can be said. It tells what was, and promises nothing.
 */
export function yearlyYield(paidIn: PaidIn, stakedWei: bigint): { feesBps: number; emissionsBps: number } | null {
  if (stakedWei === 0n) return null;
  const yearly = (wei: bigint) => Number((wei * 365n * bps) / (30n * stakedWei));
  return { feesBps: yearly(paidIn.feesWei), emissionsBps: yearly(paidIn.emissionsWei) };
}

/** The most that slashes could take of `stakeWei` at once, and within a month, whatever is proven. Rounded up. */
export function worstCase(stakeWei: bigint, terms: Pick<PoolTerms, 'slashableBps' | 'monthBps'>) {
  const part = (share: number) => (stakeWei * BigInt(share) + bps - 1n) / bps;
  return { atOnceWei: part(terms.slashableBps), monthWei: part(terms.monthBps) };
}

export type UnbondingState =
  | { phase: 'none' }
  | { phase: 'waiting'; secondsLeft: number; passed: number }
  | { phase: 'withdrawable' };

/**
 * Where leaving stands at `nowMs`: the contract allows the withdrawal at `withdrawableAt` itself. `secondsLeft` is at least
 * 1 while it waits, `passed` lies in 0..1; neither is ever negative, whatever clocks say.
 */
export function unbondingState(withdrawableAt: Date | null, unbondingSeconds: number, nowMs: number): UnbondingState {
  if (withdrawableAt === null) return { phase: 'none' };
  const leftMs = withdrawableAt.getTime() - nowMs;
  if (leftMs <= 0) return { phase: 'withdrawable' };
  const passed = unbondingSeconds > 0 ? 1 - leftMs / (unbondingSeconds * 1000) : 0;
  return { phase: 'waiting', secondsLeft: Math.ceil(leftMs / 1000), passed: Math.min(1, Math.max(0, passed)) };
}

/**
 * Shares to unbond for `amountWei` of a position: all of them for the whole stake, so that no dust stays; otherwise rounded
 * down, so that never more leaves than was asked.
 */
export function sharesFor(amountWei: bigint, position: { shares: bigint; stakedWei: bigint }): bigint {
  if (amountWei >= position.stakedWei) return position.shares;
  return (position.shares * amountWei) / position.stakedWei;
}
