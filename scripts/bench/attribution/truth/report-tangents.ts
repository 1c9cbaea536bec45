import { tangentEffects } from '#lib/engine/attribution/tangents/tangent-effects.ts';
import type { BenchContext } from '../../main.ts';
import { type Agreement, byOwner, methodAgreement } from './agreement.ts';
import { gradients } from './example-passes.ts';
import type { Truth } from './measure-truth.ts';
import { bootstrapMean } from './metrics/bootstrap.ts';
import { mean } from './metrics/correlation.ts';
import { positiveShares } from './metrics/shares.ts';
import type { TruthTrainer } from './retrain.ts';
import type { TruthData } from './truth-data.ts';
import type { TruthPool } from './truth-pool.ts';

const measures: readonly { key: keyof Agreement; name: string }[] = [
  { key: 'contributorLds', name: 'LDS over contributors' },
  { key: 'pearson', name: 'leave one contributor out, Pearson' },
  { key: 'isTopRight', name: 'top contributor right' },
];

/** What the tangents weigh beside the influence, both as z-scores over contributors (reference: found on another task). */
const weight = 0.5;

/**
 * Contributor tangents, alone and with our influence: an instrument of audits. They are by contributor, so that they say nothing
 * of rows, and they do not pay: a z-score over contributors would pay splitting.
 *
 * @param scores ours, by seed and answer, [rows]
 */
export async function reportTangents(
  context: BenchContext,
  prefix: string,
  parts: { data: TruthData; trainer: TruthTrainer; truth: Truth; pool: TruthPool; scores: Float64Array[][] },
): Promise<void> {
  const { data, trainer, truth, pool, scores } = parts;
  const count = data.contributors.length;
  const tangents = await Promise.all(truth.seeds.map(({ seed }) => pool.tangents(seed, data.owners, count)));
  const alone: Agreement[][] = [];
  const together: Agreement[][] = [];
  for (const { seed, trained, answers, effects } of truth.seeds) {
    const queries = await gradients(
      trainer,
      trained.theta,
      answers.map(({ example }) => example),
    );
    const agree = (answer: number, byContributor: ArrayLike<number>): Agreement => {
      const paid = { shares: positiveShares(byContributor), owners: data.owners };
      return methodAgreement(truth, effects[seed]!, answer, toRows(byContributor, data.owners), paid);
    };
    const effectsOf = queries.map((query) => tangentEffects(query, tangents[seed]!));
    alone.push(effectsOf.map((values, answer) => agree(answer, values)));
    together.push(
      effectsOf.map((values, answer) => {
        const influence = zScores(byOwner(scores[seed]![answer]!, data.owners, count));
        return agree(
          answer,
          zScores(values).map((value, i) => influence[i]! + weight * value),
        );
      }),
    );
  }
  for (const { key, name } of measures) {
    for (const [method, lines] of [
      ['tangents alone', alone],
      ['ours and tangents', together],
    ] as const) {
      const { value, low, high } = bootstrapMean(lines.map((line) => line.map((agreement) => agreement[key])));
      context.emit({ case: `${prefix}${name}: ${method}`, value, unit: '', interval: { low, high } });
    }
  }
}

/** A contributor's value spread evenly over its rows, whose sums are then the contributors' again. */
function toRows(byContributor: ArrayLike<number>, owners: readonly number[]): Float64Array {
  const sizes = byOwner(new Float64Array(owners.length).fill(1), owners, byContributor.length);
  return Float64Array.from(owners, (owner) => byContributor[owner]! / sizes[owner]!);
}

function zScores(values: ArrayLike<number>): Float64Array {
  const centre = mean(values);
  const deviation = Math.sqrt(mean(Float64Array.from(values, (value) => (value - centre) ** 2)));
  return Float64Array.from(values, (value) => (deviation === 0 ? 0 : (value - centre) / deviation));
}
