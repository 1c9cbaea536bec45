import { describe, expect, test } from 'vitest';
import { checkRecipe, completeRecipe, isAttributable, type Recipe, recipePresets } from './recipe.ts';

const { balanced } = recipePresets;

describe('checkRecipe', () => {
  test('accepts every preset', () => {
    for (const recipe of Object.values(recipePresets)) expect(() => checkRecipe(recipe)).not.toThrow();
  });

  test.each<[string, Partial<Recipe>]>([
    ['epochs is 0', { epochs: 0 }],
    ['batchSize is 2.5', { batchSize: 2.5 }],
    ['accumulationSteps is 0', { accumulationSteps: 0 }],
    ['earlyStopMinGain is -1', { earlyStopMinGain: -1 }],
    ['schedule is sawtooth', { schedule: 'sawtooth' as 'cosine' }],
    ['lossOn is prompt', { lossOn: 'prompt' as 'all' }],
    ['packing is 1', { packing: 1 as unknown as boolean }],
    ['evalEverySteps is 0', { earlyStopPatience: 2, evalEverySteps: 0 }],
    ['privacy.clipNorm is 0', { privacy: { noiseMultiplier: 1, clipNorm: 0, delta: 1e-5 } }],
    ['packing is true', { packing: true, privacy: { noiseMultiplier: 1, clipNorm: 1, delta: 1e-5 } }],
  ])('names the field at fault: %s', (named, change) => {
    expect(() => checkRecipe({ ...balanced, ...change })).toThrowError(
      expect.objectContaining({ code: 'recipe_invalid', message: expect.stringContaining(`The recipe's ${named};`) }),
    );
  });
});

test('only plain training for a fixed number of steps is attributable', () => {
  for (const recipe of Object.values(recipePresets)) expect(isAttributable(recipe)).toBe(true);
  expect(isAttributable({ ...balanced, accumulationSteps: 4, lossOn: 'all' })).toBe(true);
  const changes: Partial<Recipe>[] = [
    { packing: true },
    { weightDecay: 0.01 },
    { keepBest: true },
    { earlyStopPatience: 3 },
    { lora: { ...balanced.lora, loraDropout: 0.05 } },
    { privacy: { noiseMultiplier: 1, clipNorm: 1, delta: 1e-5 } },
  ];
  for (const change of changes) expect(isAttributable({ ...balanced, ...change })).toBe(false);
});

test('an old recipe is completed with what it was trained with', () => {
  const { packing: _packing, evalRows: _evalRows, ...old } = balanced;
  expect(completeRecipe({ ...old, epochs: 2 })).toEqual({ ...balanced, epochs: 2, evalRows: 0 });
});
