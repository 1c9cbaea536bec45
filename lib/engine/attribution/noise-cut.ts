import { evidenceQuarters } from './credit-quarters.ts';
import { NoiseScan } from './noise-scan.ts';

/**
 * Which rows stand out of the noise of one answer's scores, in integers only. An answer has a source where a row exceeds three
 * robust standard deviations, 3 x 1.4826 x median |s - median|; then a row counts by what it has above `quarters` / 4 of them. In our
 * measurements three took unrelated rows from 5.4 % to 1.0 % of the pay and brought shares closer to real retraining
 * (0.35 -> 0.26 total variation); see `creditQuarters` for where credit begins lower.
 *
 * Soft and per row: any rule above the row (per contributor, top k) pays either splitting or merging accounts.
 */
export type NoiseCut = {
  /** 1.4826 x median absolute deviation, rounded down. */
  sigma: bigint;
  /** Score that a row must exceed, computed before rounding; three sigma where no row does. */
  cut: bigint;
  /** The rows above the cut, in order. Each one's credit is its score less the cut; all others have none. */
  rows: number[];
  /** The rows below three negative sigma, in order. */
  rowsBelow: number[];
  creditSum: bigint;
  /** Sum of the positive scores: creditSum / positiveSum is the share of the evidence that is above the noise. */
  positiveSum: bigint;
};

/**
 * Linear in the scores, at a few nanoseconds each: what does not stand out never becomes an object.
 * @param scores fixed-point influences, any common unit; empty gives zeros
 * @param quarters where credit begins, in quarters of sigma, at most 12
 */
export function noiseCut(scores: BigInt64Array, quarters: number): NoiseCut {
  if (scores.length === 0) return { sigma: 0n, cut: 0n, rows: [], rowsBelow: [], creditSum: 0n, positiveSum: 0n };
  const scan = new NoiseScan(scores);
  // The lower middle for even counts, so that the median is one of the values and needs no rounding rule.
  const middle = (scores.length - 1) >> 1;
  const deviation = scan.nthDeviation(middle, scan.nth(middle));
  const cutAt = (count: number): bigint => (deviation * 14_826n * BigInt(count)) / 40_000n;
  const evidence = cutAt(evidenceQuarters);
  const { above, below: rowsBelow, positiveSum } = scan.judge(evidence);
  const hasSource = above.length > 0 && quarters < evidenceQuarters;
  const cut = hasSource ? cutAt(quarters) : evidence;
  const rows = hasSource ? scan.judge(cut).above : above;
  let creditSum = 0n;
  for (const row of rows) creditSum += scores[row]! - cut;
  return { sigma: (deviation * 14_826n) / 10_000n, cut, rows, rowsBelow, creditSum, positiveSum };
}
