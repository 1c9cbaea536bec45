import type { BountyState, BountyTerms } from './types.ts';

/** Where a bounty stands at the chain's time, as the contract judges. */
export function bountyState(terms: BountyTerms | null, fundedWei: bigint, now: Date): BountyState {
  if (!terms) return 'unopened';
  if (now <= terms.fundUntil) return 'funding';
  if (fundedWei < terms.targetWei) return 'missed';
  return now > terms.deadline ? 'over' : 'awarding';
}

/** What a sponsor takes back by objecting: their part of the award less what is firm, rounded down as the contract does. */
export function objectionWei(award: { sumWei: bigint }, givenWei: bigint, fundedWei: bigint, firmBps: number): bigint {
  if (fundedWei === 0n) return 0n;
  return (award.sumWei * BigInt(10_000 - firmBps) * givenWei) / (fundedWei * 10_000n);
}
