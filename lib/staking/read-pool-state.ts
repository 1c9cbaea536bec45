import type { Deps } from '#lib/platform/deps.ts';
import { stakingContract } from './staking-contract.ts';
import type { PoolTerms } from './types.ts';

const ray = 10n ** 27n;
const minIndex = 10n ** 21n; // StakePools.MIN_INDEX
const rateUnit = 10n ** 9n;

/** A pool as the contract holds it now. `heldUntil` and a stream that lie in the past are null. */
export type PoolState = Pick<PoolTerms, 'heldUntil' | 'stream'> & {
  stakedWei: bigint;
  unbondingWei: bigint;
  isClosed: boolean;
};

/** Reads one pool at the newest block: what is at stake must never come from an indexer that may be behind. */
export async function readPoolState(
  deps: Pick<Deps, 'chain' | 'deployment'>,
  pool: `0x${string}`,
  now: Date,
): Promise<PoolState> {
  const [shares, unbonding, index, rate, , , end, heldUntil] = await deps.chain.readContract({
    ...stakingContract(deps),
    functionName: 'pools',
    args: [pool],
  });
  const future = (seconds: number) => (seconds * 1000 > now.getTime() ? new Date(seconds * 1000) : null);
  const endsAt = future(end);
  return {
    stakedWei: (shares * index) / ray,
    unbondingWei: (unbonding * index) / ray,
    isClosed: index !== 0n && index < minIndex,
    heldUntil: future(heldUntil),
    stream: endsAt && rate > 0n ? { weiPerSecond: rate / rateUnit, endsAt } : null,
  };
}
