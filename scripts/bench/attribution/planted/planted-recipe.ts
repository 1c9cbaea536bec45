import { type Recipe, recipePresets } from '#lib/engine/train/recipe.ts';

/** A fine-tune that learns the planted facts and is attributable; about three seconds of one CPU for 320 rows. */
export const plantedRecipe: Recipe = {
  ...recipePresets.balanced,
  learningRate: 1e-2,
  epochs: 20,
  batchSize: 32,
};
