import type { BenchContext } from '../../main.ts';
import type { SeedTruth, Truth } from './measure-truth.ts';
import { bootstrapMean } from './metrics/bootstrap.ts';
import { mostPaidRows, riseWithout } from './removal.ts';
import type { Scored } from './score-methods.ts';
import type { TruthPool } from './truth-pool.ts';

const share = 0.05;
/** Answers that are looked at one by one, of the first seed. */
const single = 4;

/**
 * The removal test: the 5 % of the rows that a method pays most for a group of answers are dropped, the model is trained again,
 * and the loss on those answers looked at. Once for all answers of a seed together, and if `isEach` for single answers, where every
 * method that finds the one or two rows in question among its 5 % comes to the same.
 */
export async function reportRemoval(
  context: BenchContext,
  prefix: string,
  truth: Truth,
  pool: TruthPool,
  scored: Scored[],
  { isEach }: { isEach: boolean },
): Promise<void> {
  const rows = truth.rowHalves[0]!.length;
  const together: { name: string; value: number }[] = [];
  const alone: { name: string; value: number }[] = [];
  for (const { method, shares, scores } of scored) {
    const group = await Promise.all(
      truth.seeds.map(async (seed) => {
        const { answers } = seed;
        const dropped = mostPaidRows(shares[seed.seed]!, scores[seed.seed]!, share);
        return [await riseWithout(pool, seed, dropped, [...answers.keys()], rows)];
      }),
    );
    together.push({ name: method.name, ...bootstrapMean(group) });
    emit(context, `${prefix}removal, 5 % most paid for all answers: ${method.name}`, group);
    if (!isEach) continue;
    const each = await singleRises(truth.seeds[0]!, { shares: shares[0]!, scores: scores[0]! }, pool, rows);
    alone.push({ name: method.name, ...bootstrapMean([each]) });
    emit(context, `${prefix}removal, 5 % most paid for one answer: ${method.name}`, [each]);
  }
  compare(context, `${prefix}removal, all answers: ours against the best baseline`, together, {
    target: { atLeast: 2 },
  });
  if (isEach) compare(context, `${prefix}removal, one answer: ours against the best baseline`, alone, {});
}

function singleRises(
  seed: SeedTruth,
  { shares, scores }: { shares: readonly Float64Array[]; scores: readonly Float64Array[] },
  pool: TruthPool,
  rows: number,
): Promise<number[]> {
  const which = [...seed.answers.keys()].slice(0, single);
  return Promise.all(
    which.map((answer) =>
      riseWithout(pool, seed, mostPaidRows([shares[answer]!], [scores[answer]!], share), [answer], rows),
    ),
  );
}

function emit({ emit: print }: BenchContext, name: string, rises: number[][]): void {
  const { value, low, high } = bootstrapMean(rises);
  print({ case: name, value, unit: 'nats/answer', interval: { low, high } });
}

function compare(context: BenchContext, name: string, rises: { name: string; value: number }[], rest: object): void {
  const [ours, ...others] = rises;
  const best = others.filter((other) => !other.name.startsWith('ours')).reduce((a, b) => (b.value > a.value ? b : a));
  context.emit({ case: name, value: ours!.value, unit: 'nats/answer', peer: best, ...rest });
}
