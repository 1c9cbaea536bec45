import { creditQuarters } from './credit-quarters.ts';

/** Noise level of one answer's scores and what stands above it; all in the scores' unit. */
export type NoiseSummary = {
  /** 1.4826 x median |score - median|, rounded down. */
  sigma: bigint;
  /** What a row must exceed to count: where credit begins, or three sigma where no row stands out; computed before rounding. */
  cut: bigint;
  /** Sum of the positive scores. */
  positiveSum: bigint;
};

/**
 * The rule of the noise cut, to read and to check the engine's fast one with, in integers only, so that every verifier gets the
 * same cut (reference: soft threshold per row). An answer has a source where a score exceeds three robust standard deviations;
 * credit then begins at `creditQuarters` of the receipt's method. Even counts take the lower middle, which is one of the values
 * and needs no rounding. No scores give zeros. Cost: two native sorts.
 */
export function summariseNoise(scores: BigInt64Array, method: string): NoiseSummary {
  if (scores.length === 0) return { sigma: 0n, cut: 0n, positiveSum: 0n };
  const middle = (scores.length - 1) >> 1;
  const sorted = scores.toSorted();
  const median = sorted[middle]!;
  const deviations = BigUint64Array.from(scores, (score) => (score > median ? score - median : median - score));
  const deviation = deviations.sort()[middle]!;
  let positiveSum = 0n;
  for (const score of scores) if (score > 0n) positiveSum += score;
  const threeSigma = cutAt(deviation, 12n);
  const cut = sorted.at(-1)! > threeSigma ? cutAt(deviation, creditQuarters(method, scores.length)) : threeSigma;
  return { sigma: (deviation * 14_826n) / 10_000n, cut, positiveSum };
}

function cutAt(deviation: bigint, quarters: bigint): bigint {
  return (deviation * 14_826n * quarters) / 40_000n;
}
