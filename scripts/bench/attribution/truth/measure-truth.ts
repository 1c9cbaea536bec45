import { type Answer, greedyAnswers } from './answers.ts';
import type { Trained, Training, TruthTrainer } from './retrain.ts';
import { halfOfContributors, halfOfRows, type Kept, withoutContributor, withoutRows } from './subsets.ts';
import type { TruthData } from './truth-data.ts';
import type { TruthPool } from './truth-pool.ts';

/** What models trained on parts of the rows say of one set of answers; [answers][trainings]. */
export type Effects = {
  full: Float64Array;
  byRowHalf: Float64Array[];
  byContributorHalf: Float64Array[];
  /** What the answer loses when a contributor is left out: log p with all rows less log p without theirs. */
  byContributor: Float64Array[];
};

export type SeedTruth = {
  seed: number;
  trained: Trained;
  /** The answers that this seed's model gives. */
  answers: Answer[];
  /** The same answers under the models of every seed: `effects[seed]`. */
  effects: Effects[];
};

export type Truth = { rowHalves: Kept[]; contributorHalves: Kept[]; seeds: SeedTruth[] };

export type TruthSize = { seeds: number; rowHalves: number; contributorHalves: number; checkpoints: number };

/** Trains on everything, on halves and without each contributor, for every seed, and asks all of them for all answers. */
export async function measureTruth(
  data: TruthData,
  trainer: TruthTrainer,
  pool: TruthPool,
  { seeds, checkpoints, ...size }: TruthSize,
  log: (remark: string) => void,
): Promise<Truth> {
  const rows = data.owners.length;
  const rowHalves = Array.from({ length: size.rowHalves }, (_, i) => halfOfRows(rows, i));
  const contributorHalves = Array.from({ length: size.contributorHalves }, (_, i) =>
    halfOfContributors(data.owners, data.contributors.length, i),
  );
  const without = data.contributors.map((_, contributor) => withoutContributor(data.owners, contributor));
  const everything = withoutRows(rows, []);
  const numbers = Array.from({ length: seeds }, (_, seed) => seed);
  const models = await Promise.all(numbers.map((seed) => pool.train({ seed, kept: everything, checkpoints })));
  const answers: Answer[][] = [];
  for (const { theta } of models) answers.push(await greedyAnswers(trainer, theta, data.questions, data.maxTokens));
  const masks = [everything, ...rowHalves, ...contributorHalves, ...without];
  const trainings: Training[] = numbers.flatMap((seed) => masks.map((kept) => ({ seed, kept })));
  const values = await pool.evaluate(trainings, answers.flat(), (done) => {
    if (done % 50 === 0) log(`  ${done} of ${trainings.length} models measured (${pool.counted.trained} trained now)`);
  });
  let offset = 0;
  const truths = answers.map((own, seed): SeedTruth => {
    const at = offset;
    offset += own.length;
    const effects = numbers.map((other) => {
      const lines = values.slice(other * masks.length, (other + 1) * masks.length);
      return effectsOf(
        own.map((_, i) => Float64Array.from(lines, (line) => line[at + i]!)),
        size,
      );
    });
    return { seed, trained: models[seed]!, answers: own, effects };
  });
  return { rowHalves, contributorHalves, seeds: truths };
}

/** Cuts each answer's line over all trainings into its parts. */
function effectsOf(lines: readonly Float64Array[], size: Pick<TruthSize, 'rowHalves' | 'contributorHalves'>): Effects {
  const halves = 1 + size.rowHalves;
  const others = halves + size.contributorHalves;
  return {
    full: Float64Array.from(lines, (line) => line[0]!),
    byRowHalf: lines.map((line) => line.slice(1, halves)),
    byContributorHalf: lines.map((line) => line.slice(halves, others)),
    byContributor: lines.map((line) => line.slice(others).map((without) => line[0]! - without)),
  };
}
