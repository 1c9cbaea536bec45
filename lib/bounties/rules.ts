import type { BountyState, BountySummary, BountyTerms } from './types.ts';

/** Where a bounty stands at the chain's time, as the contract judges. */
export function bountyState(terms: BountyTerms | null, fundedWei: bigint, now: Date): BountyState {
  if (!terms) return 'unopened';
  if (now <= terms.fundUntil) return 'funding';
  if (fundedWei < terms.targetWei) return 'missed';
  return now > terms.deadline ? 'over' : 'awarding';
}

/** Whether awards took everything, so that none can follow though their time is not over. */
export function isAllAwarded({ state, onChain }: Pick<BountySummary, 'state' | 'onChain'>): boolean {
  return state === 'awarding' && onChain !== null && onChain.awardedWei > 0n && onChain.awardedWei >= onChain.fundedWei;
}

/** What a sponsor takes back by objecting: their part of the award less what is firm, rounded down as the contract does. */
export function objectionWei(award: { sumWei: bigint }, givenWei: bigint, fundedWei: bigint, firmBps: number): bigint {
  if (fundedWei === 0n) return 0n;
  return (award.sumWei * BigInt(10_000 - firmBps) * givenWei) / (fundedWei * 10_000n);
}
