import { BaseError } from '#lib/kernel/base-error.ts';
import { mergeRankMax } from '../rules.ts';

/** Models that cannot be merged: not live, of two bases, merged themselves, or under a licence that forbids it. The sentence says which. */
export class MergeInvalidError extends BaseError {
  readonly code = 'merge_invalid';
  readonly category = 'invalid';
}

/** The ranks of the models add up to more than engines serve. */
export class MergeRankError extends BaseError {
  readonly code = 'merge_rank_too_high';
  readonly category = 'invalid';
  constructor(rank: number) {
    super(
      `These models have rank ${rank} together, and a served adapter has ${mergeRankMax} at most. Take one of them out, or merge models of lower rank.`,
      { facts: { rank, most: mergeRankMax } },
    );
  }
}
