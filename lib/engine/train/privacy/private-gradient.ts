import type { MicroBatch } from '../batches.ts';
import { TrainingError } from '../errors.ts';
import type { PrivacyRecipe } from '../recipe.ts';
import type { StepEngine } from '../step-engine.ts';
import { addGaussianNoise, createSecretUint32 } from './secret-random.ts';

export type PrivateStep = { step: number; secret: string; privacy: PrivacyRecipe; expectedRows: number };

/**
 * The gradient of one DP-SGD step into `sum` [P]: each row's gradient scaled down to the clipping norm, summed, noised and
 * divided by the expected number of rows. One row comes or goes: the sum moves by at most `clipNorm`.
 *
 * @param batches one row a line, the loss of each depending on that line alone; lines without a row have no gradient
 * @throws TrainingError training_diverged if a row's gradient is not finite
 */
export async function privateGradient(
  engine: StepEngine,
  theta: Float32Array,
  batches: Iterable<MicroBatch>,
  { step, secret, privacy, expectedRows }: PrivateStep,
  sum: Float32Array,
): Promise<void> {
  sum.fill(0);
  for (const microBatch of batches) {
    const { gradients } = await engine.exampleGradients(theta, microBatch, 'A+B');
    for (let row = 0; row < microBatch.batch; row++) {
      addClipped(sum, gradients.subarray(row * sum.length, (row + 1) * sum.length), privacy.clipNorm);
    }
  }
  const deviation = privacy.noiseMultiplier * privacy.clipNorm;
  addGaussianNoise(sum, deviation, createSecretUint32(secret, `noise ${step}`));
  for (let i = 0; i < sum.length; i++) sum[i]! /= expectedRows;
}

function addClipped(sum: Float32Array, gradient: Float32Array, clipNorm: number): void {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i]! * gradient[i]!;
  if (!Number.isFinite(squares)) throw new TrainingError('training_diverged', "A row's gradient is not finite.");
  const scale = squares > 0 ? Math.min(1, clipNorm / Math.sqrt(squares)) : 0;
  for (let i = 0; i < gradient.length; i++) sum[i]! += scale * gradient[i]!;
}
