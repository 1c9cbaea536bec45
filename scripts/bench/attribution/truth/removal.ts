import type { SeedTruth } from './measure-truth.ts';
import { mean } from './metrics/correlation.ts';
import { withoutRows } from './subsets.ts';
import type { TruthPool } from './truth-pool.ts';

/** The `share` of the rows that were paid most, by the sum of what each answer paid; rows that got nothing stay. */
export function mostPaidRows(shares: readonly Float64Array[], share: number): number[] {
  const rows = shares[0]!.length;
  const paid = new Float64Array(rows);
  for (const line of shares) for (let row = 0; row < rows; row++) paid[row]! += line[row]!;
  const order = [...paid.keys()].filter((row) => paid[row]! > 0).sort((a, b) => paid[b]! - paid[a]! || a - b);
  return order.slice(0, Math.ceil(share * rows));
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
