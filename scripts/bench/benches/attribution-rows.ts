import { baselines, ours } from '../attribution/truth/all-methods.ts';
import { benchData, cacheDir } from '../attribution/truth/bench-data.ts';
import { measureTruth, type SeedTruth } from '../attribution/truth/measure-truth.ts';
import { bootstrapMean } from '../attribution/truth/metrics/bootstrap.ts';
import { mostPaidRows, riseWithout } from '../attribution/truth/removal.ts';
import { openTrainer } from '../attribution/truth/retrain.ts';
import { type RowAgreement, rowAgreement } from '../attribution/truth/row-agreement.ts';
import { type Scored, scoreMethods } from '../attribution/truth/score-methods.ts';
import { withoutRows } from '../attribution/truth/subsets.ts';
import { TruthPool } from '../attribution/truth/truth-pool.ts';
import type { BenchContext } from '../main.ts';

export const description =
  'every single row left out and trained again: is it found, and how much can removal raise at all; --data, --seeds';

const removed = 0.05;
const measures: readonly (readonly [keyof RowAgreement, string])[] = [
  ['pearson', 'leave one row out, Pearson'],
  ['spearman', 'leave one row out, Spearman'],
  ['isTopRight', 'the row that counts most is first'],
  ['isInFirstThree', 'the row that counts most is among three'],
];

/**
 * The strictest truth there is about one answer: what it lost when each row alone was taken away, 320 trainings a seed (200 with `--data`). The
 * same trainings bound the removal test of `attribution`: the rows that truth itself names are dropped together, which is what a method
 * with perfect scores would do.
 */
export async function run(context: BenchContext): Promise<void> {
  const { log } = context;
  const data = await benchData(context);
  const trainer = await openTrainer(data.setting);
  const pool = new TruthPool(data.setting, trainer, { threads: context.threads, cacheDir });
  const size = { seeds: context.seeds ?? 1, rowHalves: 0, contributorHalves: 0, checkpoints: 5 };
  const truth = await measureTruth(data, trainer, pool, size, log);
  const rows = data.owners.length;
  const effects: Float64Array[][] = [];
  for (const seed of truth.seeds) effects.push(await effectsOfRows(context, pool, seed, rows));
  const methods = [ours, ...baselines].map((method) => ({ method, isProduct: method === ours }));
  const scored = await scoreMethods(data, trainer, truth, methods);
  for (const [key, name] of measures) reportMeasure(context, scored, effects, { key, name });
  await reportBound(context, pool, truth.seeds, { scored, effects, rows });
  await pool.close();
  await trainer.sessions.release();
}

/** What each answer of a seed lost without each row, [answers][rows]. */
async function effectsOfRows(
  { log }: BenchContext,
  pool: TruthPool,
  { seed, answers, effects }: SeedTruth,
  rows: number,
): Promise<Float64Array[]> {
  const trainings = Array.from({ length: rows }, (_, row) => ({ seed, kept: withoutRows(rows, [row]) }));
  const without = await pool.evaluate(trainings, answers, (done) => {
    if (done % 20 === 0) log(`  seed ${seed}: ${done} of ${rows} rows left out (${pool.counted.trained} trained now)`);
  });
  const { full } = effects[seed]!;
  return answers.map((_, answer) => Float64Array.from(without, (line) => full[answer]! - line[answer]!));
}

function reportMeasure(
  { emit }: BenchContext,
  scored: readonly Scored[],
  effects: readonly Float64Array[][],
  { key, name }: { key: keyof RowAgreement; name: string },
): void {
  const figures = scored.map(({ method, scores }) => {
    const values = scores.map((line, seed) => line.map((of, i) => rowAgreement(of, effects[seed]![i]!)[key]));
    return { name: method.name, ...bootstrapMean(values) };
  });
  for (const { value, low, high, name: method } of figures) {
    emit({ case: `${name}: ${method}`, value, unit: '', interval: { low, high } });
  }
  const [own, ...others] = figures;
  emit({ case: `${name}: ours against the best baseline`, value: own!.value, unit: '', peer: largest(others) });
}

/** The rows whose single absence cost the answers most, dropped together, against what every method's most paid rows raise. */
async function reportBound(
  { emit }: BenchContext,
  pool: TruthPool,
  seeds: readonly SeedTruth[],
  { scored, effects, rows }: { scored: readonly Scored[]; effects: readonly Float64Array[][]; rows: number },
): Promise<void> {
  const rise = async (linesOf: (seed: number) => Parameters<typeof mostPaidRows>): Promise<number> => {
    const rises = seeds.map((seed) => {
      const all = [...seed.answers.keys()];
      return riseWithout(pool, seed, mostPaidRows(...linesOf(seed.seed)), all, rows);
    });
    return (await Promise.all(rises)).reduce((sum, value) => sum + value, 0) / seeds.length;
  };
  const unit = 'nats/answer';
  const figures: { name: string; value: number }[] = [];
  for (const { method, shares, scores } of scored) {
    const value = await rise((seed) => [shares[seed]!, scores[seed]!, removed]);
    figures.push({ name: method.name, value });
    emit({ case: `removal, 5 % most paid for all answers: ${method.name}`, value, unit });
  }
  const value = await rise((seed) => [effects[seed]!, effects[seed]!, removed]);
  const peer = largest(figures.slice(1));
  emit({ case: 'removal, the 5 % that truth names, against the best baseline', value, unit, peer });
}

function largest<T extends { value: number }>(figures: readonly T[]): T {
  return figures.reduce((best, figure) => (figure.value > best.value ? figure : best));
}
