import { type Batch, plainBatches } from '../batches.ts';
import type { PrivacyRecipe, Recipe } from '../recipe.ts';
import { privacyEpsilon, type SampledGaussian } from './rdp-accountant.ts';
import { createSecretUint32, poissonSample } from './secret-random.ts';

/** What a private run promises: (epsilon, delta) for data sets that differ by one example added or removed. */
export type PrivacyStatement = SampledGaussian & { epsilon: number; delta: number; clipNorm: number };

/** Rows that a private step draws on average; also the fixed divisor of its gradient. */
export function expectedRows({
  batchSize,
  accumulationSteps,
}: Pick<Recipe, 'batchSize' | 'accumulationSteps'>): number {
  return batchSize * accumulationSteps;
}

/**
 * What `steps` steps over `rows` rows spend. The number of rows is taken as public. The bound holds for Poisson sampling,
 * which is what `privateBatches` does, and for an observer who lacks the secret of sampling and noise.
 */
export function privacyStatement(
  privacy: PrivacyRecipe,
  recipe: Recipe,
  rows: number,
  steps: number,
): PrivacyStatement {
  const { noiseMultiplier, delta, clipNorm } = privacy;
  const mechanism = { sampleRate: Math.min(1, expectedRows(recipe) / rows), noiseMultiplier, steps };
  return { ...mechanism, epsilon: privacyEpsilon(mechanism, delta), delta, clipNorm };
}

/** The rows of one step, each drawn by itself with the sample rate, in batches of like length. May be none. */
export function privateBatches(
  lengths: readonly number[],
  recipe: Recipe,
  { step, secret, maxTime }: { step: number; secret: string; maxTime: number },
): Batch[] {
  const rate = Math.min(1, expectedRows(recipe) / lengths.length);
  const rows = poissonSample(lengths.length, rate, createSecretUint32(secret, `sample ${step}`));
  const batches = plainBatches(
    rows.map((row) => lengths[row]!),
    recipe.batchSize,
    maxTime,
  );
  return batches.map((batch) => ({ ...batch, rows: batch.rows.map((at) => rows[at]!) }));
}
