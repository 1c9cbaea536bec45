import type { RevenueSplit } from '#db/schema/models.ts';

/**
 * Who earns by a paid training, bps of what is left after the protocol fee: the people of the rows that it learnt from, each row the
 * same, and who trained. No model, app or validator takes part in it.
 */
export const trainingSplit: RevenueSplit = { data: 3_000, model: 0, app: 0, infra: 7_000, validators: 0 };

/** What tokens cost, wei, rounded down: a part of a thousand costs its part. */
export function trainingFeeWei(tokens: number, weiPerThousandTokens: bigint): bigint {
  return (BigInt(tokens) * weiPerThousandTokens) / 1_000n;
}

/** Tokens of a run that were counted by the trainer are exact; those of a sample or of characters may be a quarter more. */
export function mostTokens(estimate: {
  tokens: number;
  epochs: number;
  check: { countedRows: number; trainRows: number } | null;
}): number {
  const { tokens, epochs, check } = estimate;
  const isExact = check !== null && check.countedRows >= check.trainRows;
  return Math.ceil(tokens * epochs * (isExact ? 1 : 1.25));
}
