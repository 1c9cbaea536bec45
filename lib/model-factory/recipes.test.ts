import { describe, expect, it } from 'vitest';
import { recipeFields } from '#components/model-factory/recipe-fields.ts';
import { recipePresets as engineRecipePresets, trainerRecipePaths } from '#lib/engine/train/recipe.ts';
import { recipePresets } from './recipes.ts';

describe('recipePresets', () => {
  it('are the engine’s own, to the byte: an untouched Advanced form trains what the engine calls by the same name', () => {
    expect(recipePresets).toEqual(engineRecipePresets);
  });

  it('can be changed in every setting that the trainer has: the Advanced form leaves none out', () => {
    const controls = recipeFields.filter(({ control }) => control.kind !== 'part').map(({ path }) => path);
    expect(controls.sort()).toEqual([...trainerRecipePaths].sort());
  });
});
