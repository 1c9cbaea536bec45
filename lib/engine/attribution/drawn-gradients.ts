import { toMicroBatch } from '../train/batches.ts';
import { createPermutation, createRandom } from '../train/random.ts';
import { drawnLabels, labelledGradients } from './gradient-source.ts';
import { batchSize, featureBatches, letStopIn, type RowGradientsInput } from './row-features.ts';

/** Gradients that are drawn for an index: accuracy grows with them, and so does what the build of a small index costs. */
export const drawnMost = 1600;
/** Of one row: a handful of rows is no better known for being asked again and again. */
const drawsMost = 4;

/** Whose labels are drawn, and how often each, at each of the points at which rows' gradients are taken. */
export type DrawPlan = { rows: Int32Array; draws: number };

/**
 * All rows as often as it takes, or once each of as many as the seed chooses.
 * @param limit of drawn gradients in all, in place of 1,600 where that is more than fits into memory
 */
export function planDraws(source: RowGradientsInput, seed: string, limit = drawnMost): DrawPlan {
  const count = source.examples.length;
  const most = Math.max(1, Math.floor(Math.min(limit, drawnMost) / pointsOf(source).length));
  if (count > most) {
    return { rows: createPermutation(count, `${seed}|drawn`).slice(0, most).sort(), draws: 1 };
  }
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  return { rows, draws: Math.min(drawsMost, Math.floor(most / count)) };
}

/** How many gradients `drawnGradients` gives by a plan. */
export function drawnCount(source: RowGradientsInput, { rows, draws }: DrawPlan): number {
  return pointsOf(source).length * rows.length * draws;
}

/** What lines of F's root are multiplied by, see `FisherRoot`: those of drawn gradients and of the rows' own. */
export function fisherScales(drawn: number, rows: number): { drawn: number; own: number } {
  return { drawn: 1 / Math.sqrt(drawn), own: 1 / Math.sqrt(rows) };
}

/**
 * Gradients h of rows with labels drawn from the model's own predictions in place of the rows'. E[h h^T] is the curvature of the loss
 * (Gauss-Newton; Martens 2020, arXiv 1412.1193), and the Fisher of an index is F = E[h h^T] + the mean of g g^T over the rows, g their
 * own gradients (ADR 0018).
 *
 * Own gradients alone, the empirical Fisher, say how far rows are from being learnt, and not how the loss bends (Kunstner et al. 2019,
 * arXiv 1905.12558): with 1,600 drawn ones beside them linear datamodeling scores on specification texts are .62 for .56, nothing
 * rounded, and the correlation where a contributor is left out is .70 for .54. Drawn ones alone would leave a row of nonsense free to
 * score whatever it likes on itself; what counts in F has a leverage of at most 1. With .3 of them in place of all, twelve rows of spam
 * earned 2 % of all pay, with all .1 % (docs/engine-log.md).
 *
 * Batched by length: gradients[i] is one of rows[i], until the next step.
 * @param seed of the draws: nobody may know it when the rows are written
 * @throws AttributionStoppedError within a batch of a stop
 */
export async function* drawnGradients(
  source: RowGradientsInput,
  { rows, draws }: DrawPlan,
  seed: string,
): AsyncGenerator<{ rows: number[]; gradients: Float32Array[] }> {
  const { sessions, scope, examples, onRows } = source;
  const chosen = Array.from(rows, (row) => examples[row]!);
  for (const [point, model] of pointsOf(source).entries()) {
    const random = createRandom(`${seed}|labels|${point}`);
    for (const batch of featureBatches(chosen, model.base.config.max_position_embeddings)) {
      const own = batch.rows.map((at) => rows[at]!);
      const micro = toMicroBatch(chosen, batch, batchSize, 1);
      const labellings = await drawnLabels(model, sessions, micro, { count: draws, random });
      for (const all of await labelledGradients(model, sessions, scope, micro, labellings)) {
        const size = all.length / batchSize;
        yield { rows: own, gradients: own.map((_, i) => all.subarray(i * size, (i + 1) * size)) };
      }
      onRows(own.length * draws);
      await letStopIn(source);
    }
  }
}

function pointsOf({ model, start }: RowGradientsInput): RowGradientsInput['model'][] {
  return start ? [model, start] : [model];
}
