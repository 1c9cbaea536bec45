import type { PreparedExample } from '#lib/engine/train/prepare-examples.ts';
import { type TruthTrainer, tightBatch } from './retrain.ts';

const batchSize = 16;

/** Rows grouped by length, so that batches have little padding. */
function* batches(examples: readonly PreparedExample[]): Generator<number[]> {
  const order = [...examples.keys()].sort((a, b) => examples[a]!.ids.length - examples[b]!.ids.length);
  for (let i = 0; i < order.length; i += batchSize) yield order.slice(i, i + batchSize);
}

/** log p of each example's loss tokens, in nats, with adapter `theta`; null: of the base alone. */
export async function logProbs(
  { engine }: Pick<TruthTrainer, 'engine'>,
  theta: Float32Array | null,
  examples: readonly PreparedExample[],
): Promise<Float64Array> {
  const sums = new Float64Array(examples.length);
  for (const rows of batches(examples)) {
    const batch = tightBatch(examples, rows, 1);
    const losses = await engine.losses(theta, batch);
    for (const [line, row] of rows.entries()) {
      for (let t = line * batch.time; t < (line + 1) * batch.time; t++) sums[row]! -= losses[t]!;
    }
  }
  return sums;
}

/** Gradients of each example's log p with respect to all of the adapter, A and B: one array [P] an example. */
export async function gradients(
  { engine, layout }: Pick<TruthTrainer, 'engine' | 'layout'>,
  theta: Float32Array,
  examples: readonly PreparedExample[],
): Promise<Float32Array[]> {
  const result: Float32Array[] = new Array(examples.length);
  for (const rows of batches(examples)) {
    const { gradients: all } = await engine.exampleGradients(theta, tightBatch(examples, rows, 1), 'A+B');
    for (const [line, row] of rows.entries()) {
      result[row] = all.slice(line * layout.length, (line + 1) * layout.length).map((value) => -value);
    }
  }
  return result;
}
