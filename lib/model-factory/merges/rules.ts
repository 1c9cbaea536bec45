import { tenthsRange } from '#lib/kernel/mix-weights.ts';

/** The smallest scale that is tried; equal weights are read once a pass. */
const leastScale = tenthsRange.once;

/**
 * Weights as the parts of a mix have them, in tenths from 1 to 100, in nearly the same ratio: of all scales the first whose largest relative
 * error is least, so that halves are 10 and 10, and a third and two are 5 and 10. What is below 1 in 100 of the heaviest counts as that.
 * Pure.
 */
export function tenthsOfWeights(weights: readonly number[]): number[] {
  const heaviest = Math.max(...weights);
  let best = { tenths: weights.map(() => 0), error: Number.POSITIVE_INFINITY };
  for (let scale = leastScale; scale <= tenthsRange.most; scale++) {
    const tenths = weights.map((weight) => Math.max(tenthsRange.least, Math.round((weight / heaviest) * scale)));
    const error = Math.max(...tenths.map((t, i) => Math.abs((t * heaviest) / (scale * weights[i]!) - 1)));
    if (error < best.error - 1e-9) best = { tenths, error };
  }
  return best.tenths;
}
