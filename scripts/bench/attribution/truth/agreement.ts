import type { Effects, Truth } from './measure-truth.ts';
import { pearson, spearman } from './metrics/correlation.ts';
import { linearDatamodelingScore } from './metrics/lds.ts';
import { largest, positiveShares, totalVariation } from './metrics/shares.ts';

/** One figure an answer, by measure. */
export type Agreement = {
  rowLds: number;
  contributorLds: number;
  pearson: number;
  /** 1 if the contributor whose loss costs the answer most is named. */
  isTopRight: number;
  /** From paid to true shares; the true ones are what each contributor's loss costs, negative counted as nothing. */
  distance: number;
};

/** Sums of the rows' values by owner. */
export function byOwner(values: ArrayLike<number>, owners: readonly number[], contributors: number): Float64Array {
  const sums = new Float64Array(contributors);
  for (const [row, owner] of owners.entries()) sums[owner]! += values[row]!;
  return sums;
}

/** How well a method's scores of one answer, and the shares [contributors] made of them, fit what retraining shows. */
export function methodAgreement(
  truth: Pick<Truth, 'rowHalves' | 'contributorHalves'>,
  effects: Effects,
  answer: number,
  scores: Float64Array,
  paid: { shares: Float64Array; owners: readonly number[] },
): Agreement {
  const lost = effects.byContributor[answer]!;
  const byContributor = byOwner(scores, paid.owners, lost.length);
  return {
    rowLds: linearDatamodelingScore(scores, truth.rowHalves, effects.byRowHalf[answer]!),
    contributorLds: linearDatamodelingScore(scores, truth.contributorHalves, effects.byContributorHalf[answer]!),
    pearson: pearson(byContributor, lost),
    isTopRight: largest(byContributor) === largest(lost) ? 1 : 0,
    distance: totalVariation(paid.shares, positiveShares(lost)),
  };
}

/** The same measures between the retrainings of two seeds: what training by another seed would have said. */
export function seedAgreement(one: Effects, other: Effects, answer: number): Agreement {
  const [lost, otherwise] = [one.byContributor[answer]!, other.byContributor[answer]!];
  return {
    rowLds: spearman(one.byRowHalf[answer]!, other.byRowHalf[answer]!),
    contributorLds: spearman(one.byContributorHalf[answer]!, other.byContributorHalf[answer]!),
    pearson: pearson(otherwise, lost),
    isTopRight: largest(otherwise) === largest(lost) ? 1 : 0,
    distance: totalVariation(positiveShares(otherwise), positiveShares(lost)),
  };
}
