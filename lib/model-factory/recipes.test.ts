import { expect, it } from 'vitest';
import { recipePresets as engineRecipePresets } from '#lib/engine/train/recipe.ts';
import { recipePresets } from './recipes.ts';
import { recipeSchema } from './schema.ts';

it('offers exactly the recipes that the engine documents, which the browser may not import', () => {
  expect(recipePresets).toEqual(engineRecipePresets);
  for (const recipe of Object.values(recipePresets)) expect(recipeSchema.parse(recipe)).toEqual(recipe);
});
