import { describe, expect, it } from 'vitest';
import { recipePresets } from './recipe.ts';
import { trainingReach } from './training-reach.ts';

describe('trainingReach', () => {
  // A constant rate of 0.01 over 40 steps; 30 rows in 3 steps, 5 tokens a row.
  const recipe = {
    ...recipePresets.balanced,
    learningRate: 0.01,
    schedule: 'constant' as const,
    warmupRatio: 0,
    epsRoot: 1e-4,
  };
  const run = { recipe, totalSteps: 40, stepsPerEpoch: 3, tokenBudget: 50, rowsPerPass: 30 };

  it('is learning rates x Adam scale x rows a step over the token budget', () => {
    expect(trainingReach(run, new Float32Array(4), 40)).toBeCloseTo(40 * 0.01 * 100 * (10 / 50), 8);
    const corrected = 3e-4 * (1 - 0.99 ** 20); // v that the bias correction makes 3e-4
    expect(trainingReach(run, new Float32Array(4).fill(corrected), 20)).toBeCloseTo(20 * 0.01 * 50 * (10 / 50), 5);
    const mixed = Float32Array.of(0, corrected);
    expect(trainingReach(run, mixed, 20)).toBeCloseTo(20 * 0.01 * 75 * (10 / 50), 5);
  });

  it('is what of a quadratic loss a run can have followed: the filter of gradient descent is all but the damped inverse', () => {
    // Descent on sum over rows of s theta^2 / 2 with rate x scale = 0.001: theta goes to exp(-reach s) of its start.
    const small = { ...run, recipe: { ...recipe, learningRate: 1e-5 }, totalSteps: 400 };
    const reach = trainingReach(small, new Float32Array(1), 400);
    for (const s of [0.1, 1, 10]) {
      let theta = 1;
      for (let step = 0; step < 400; step++) theta -= (1e-5 * 100 * 10 * s * theta) / 50;
      expect(theta).toBeCloseTo(Math.exp(-reach * s), 2);
    }
  });
});
