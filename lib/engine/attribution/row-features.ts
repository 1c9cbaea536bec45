import { setImmediate } from 'node:timers/promises';
import type { ScopeOfB } from '../lora/layout-part.ts';
import type { SessionCache } from '../runtime/session-cache.ts';
import { type Batch, plainBatches } from '../train/batches.ts';
import type { PreparedExample } from '../train/prepare-examples.ts';
import { AttributionStoppedError } from './errors.ts';
import { type AdaptedModel, exampleGradients } from './gradient-source.ts';
import type { RowDiagnostics } from './row-diagnostics.ts';
import { type Sketch, sketchGradient } from './sketch.ts';

export type RowGradientsInput = {
  /** Where a row's gradient is taken, and where else: the mean of the two is the row's. Null: nowhere else. */
  model: AdaptedModel;
  start: AdaptedModel | null;
  sessions: SessionCache;
  scope: ScopeOfB;
  /** All rows of the index. */
  examples: readonly PreparedExample[];
  /**
   * Square root of how often training read each row, as a multiple of the mean; null where it read all alike. Both the Fisher, as a mean over
   * readings, and what a row's readings did together follow from features times it (once each).
   */
  strengths: Float64Array | null;
  /** Loss and gradient norm of each row are put here. */
  diagnostics: RowDiagnostics;
  /** Called with how many gradients more are done, of rows and drawn ones. */
  onRows: (done: number) => void;
  isStopped: () => boolean;
};

export type RowFeaturesInput = RowGradientsInput & { sketch: Sketch };

/** Rows whose gradients are computed together. */
export const batchSize = 8;

/**
 * Gradients of the rows `which`, batched by length, hence not in order: gradients[i] is that of rows[i], until the next step.
 * @throws AttributionStoppedError within a batch of a stop
 */
export async function* rowGradients(
  { model, start, sessions, scope, examples, diagnostics, onRows, isStopped }: RowGradientsInput,
  which: ArrayLike<number>,
): AsyncGenerator<{ rows: number[]; gradients: Float32Array[] }> {
  const chosen = Array.from(which, (row) => examples[row]!);
  for (const batch of featureBatches(chosen, model.base.config.max_position_embeddings)) {
    const { gradients, losses } = await exampleGradients(model, sessions, scope, chosen, batch, batchSize);
    for (const [i, at] of batch.rows.entries()) {
      const { lossTokens } = chosen[at]!;
      const row = which[at]!;
      diagnostics.losses[row] = sum(losses.subarray(i * batch.time, (i + 1) * batch.time)) / lossTokens;
      diagnostics.gradientNorms[row] = norm(gradients[i]!) / Math.sqrt(lossTokens);
    }
    const mean = start
      ? meanOf(gradients, () => exampleGradients(start, sessions, scope, chosen, batch, batchSize))
      : gradients;
    yield { rows: batch.rows.map((at) => which[at]!), gradients: await mean };
    onRows(batch.rows.length);
    await letStopIn({ isStopped });
  }
}

/** Between two pieces of work: a stop message is read, and obeyed. @throws AttributionStoppedError */
export async function letStopIn({ isStopped }: Pick<RowGradientsInput, 'isStopped'>): Promise<void> {
  await setImmediate();
  if (isStopped()) throw new AttributionStoppedError('Stopped between two pieces of work.');
}

/** As `rowGradients`, projected, times the rows' strengths. */
export async function* rowFeatures(
  { sketch, ...source }: RowFeaturesInput,
  which: ArrayLike<number>,
): AsyncGenerator<{ rows: number[]; features: Float32Array[] }> {
  for await (const { rows, gradients } of rowGradients(source, which)) {
    const features = gradients.map((gradient, i) => atRowStrength(source, rows[i]!, sketchGradient(sketch, gradient)));
    yield { rows, features };
  }
}

/** Multiplies a row's vector, in place, by the row's strength. */
export function atRowStrength<V extends Float32Array | Float64Array>(
  { strengths }: Pick<RowGradientsInput, 'strengths'>,
  row: number,
  vector: V,
): V {
  const strength = strengths?.[row] ?? 1;
  if (strength !== 1) for (let k = 0; k < vector.length; k++) vector[k]! *= strength;
  return vector;
}

/** The first are copied, because the second overwrite them. */
async function meanOf(
  first: readonly Float32Array[],
  other: () => Promise<{ gradients: Float32Array[] }>,
): Promise<Float32Array[]> {
  const sums = first.map((gradient) => gradient.slice());
  const { gradients } = await other();
  for (const [i, sum] of sums.entries()) {
    const more = gradients[i]!;
    for (let k = 0; k < sum.length; k++) sum[k] = (sum[k]! + more[k]!) / 2;
  }
  return sums;
}

/** Rows of like length and like number of answer tokens together, so that few shapes are compiled and little is padded. */
export function featureBatches(examples: readonly PreparedExample[], context: number): Batch[] {
  const order = Array.from(examples.keys()).sort((a, b) => examples[b]!.lossTokens - examples[a]!.lossTokens || a - b);
  const lengths = order.map((row) => examples[row]!.ids.length);
  return plainBatches(lengths, batchSize, context).map(({ rows, time }) => ({
    rows: rows.map((at) => order[at]!),
    time,
  }));
}

function sum(values: Float32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}

function norm(values: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!;
  return Math.sqrt(squares);
}
