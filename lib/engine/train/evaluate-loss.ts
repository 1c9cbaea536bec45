import { plainBatches, toMicroBatch } from './batches.ts';
import type { PreparedExample, PreparedSet } from './prepare-examples.ts';
import type { StepEngine } from './step-engine.ts';

const evaluationBatch = 8;

/**
 * Mean loss in nats per answer token of a prepared set, with or without an adapter.
 *
 * @param theta of the adapter; null: the base alone
 * @param maxTime the base's context
 */
export async function meanLoss(
  engine: StepEngine,
  theta: Float32Array | null,
  { examples, lossTokens }: PreparedSet,
  maxTime: number,
): Promise<number> {
  const lengths = examples.map(({ ids }) => ids.length);
  let sum = 0;
  for (const batch of plainBatches(lengths, evaluationBatch, maxTime)) {
    const losses = await engine.losses(theta, toMicroBatch(examples, batch, evaluationBatch, 1));
    for (const loss of losses) sum += loss;
  }
  return sum / lossTokens;
}

/**
 * Summed loss of each row's counted tokens in nats, with or without an adapter.
 *
 * @param theta of the adapter; null: the base alone
 * @param maxTime the base's context
 */
export async function rowLosses(
  engine: StepEngine,
  theta: Float32Array | null,
  examples: readonly PreparedExample[],
  maxTime: number,
): Promise<Float64Array> {
  const sums = new Float64Array(examples.length);
  const lengths = examples.map(({ ids }) => ids.length);
  for (const batch of plainBatches(lengths, evaluationBatch, maxTime)) {
    const losses = await engine.losses(theta, toMicroBatch(examples, batch, evaluationBatch, 1));
    for (const [line, row] of batch.rows.entries()) {
      for (let t = 0; t < batch.time; t++) sums[row]! += losses[line * batch.time + t]!;
    }
  }
  return sums;
}
