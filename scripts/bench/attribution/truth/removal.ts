import type { SeedTruth } from './measure-truth.ts';
import { mean } from './metrics/correlation.ts';
import { withoutRows } from './subsets.ts';
import type { TruthPool } from './truth-pool.ts';

/**
 * The `share` of the rows that were paid most, by the sum of what each answer paid. Of rows that got nothing those with the
 * highest scores come first, so that every method drops as many.
 */
export function mostPaidRows(
  shares: readonly Float64Array[],
  scores: readonly Float64Array[],
  share: number,
): number[] {
  const [paid, score] = [sumOf(shares), sumOf(scores)];
  const order = [...paid.keys()].sort((a, b) => paid[b]! - paid[a]! || score[b]! - score[a]! || a - b);
  return order.slice(0, Math.ceil(share * paid.length));
}

function sumOf(lines: readonly Float64Array[]): Float64Array {
  return lines[0]!.map((_, row) => lines.reduce((sum, line) => sum + line[row]!, 0));
}

/** How much the loss of the answers rises, in nats an answer, when the model is trained without `dropped`. */
export async function riseWithout(
  pool: TruthPool,
  { seed, answers, effects }: SeedTruth,
  dropped: readonly number[],
  which: readonly number[],
  rows: number,
): Promise<number> {
  const [without] = await pool.evaluate([{ seed, kept: withoutRows(rows, dropped) }], answers);
  return mean(which.map((answer) => effects[seed]!.full[answer]! - without![answer]!));
}
