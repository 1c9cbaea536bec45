/** Noise level of one answer's scores and what stands above it; all in the scores' unit. */
export type NoiseSummary = {
  /** 1.4826 x median |score - median|, rounded down. */
  sigma: bigint;
  /** Three of them, computed before rounding: what a row must exceed to count. */
  cut: bigint;
  /** Sum of the positive scores. */
  positiveSum: bigint;
};

/**
 * The rule of the noise cut, to read and to check the engine's fast one with: three robust standard deviations, in integers
 * only, so that every verifier gets the same cut (reference: soft threshold per row). Even counts take the lower middle, which
 * is one of the values and needs no rounding. No scores give zeros. Cost: two native sorts.
 */
export function summariseNoise(scores: BigInt64Array): NoiseSummary {
  if (scores.length === 0) return { sigma: 0n, cut: 0n, positiveSum: 0n };
  const middle = (scores.length - 1) >> 1;
  const median = scores.toSorted()[middle]!;
  const deviations = BigUint64Array.from(scores, (score) => (score > median ? score - median : median - score));
  const deviation = deviations.sort()[middle]!;
  let positiveSum = 0n;
  for (const score of scores) if (score > 0n) positiveSum += score;
  return { sigma: (deviation * 14_826n) / 10_000n, cut: (deviation * 44_478n) / 10_000n, positiveSum };
}
