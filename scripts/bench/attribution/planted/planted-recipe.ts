import { type Recipe, recipePresets } from '#lib/engine/train/recipe.ts';

/**
 * A fine-tune that the product would certify: metasmoothness .99 where .95 is asked. It learns by far not all of the planted
 * facts; whatever does so in as many steps of this base falls under the gate (docs/engine-log.md). About six seconds of one CPU
 * for 320 rows.
 */
export const plantedRecipe: Recipe = {
  ...recipePresets.balanced,
  learningRate: 1e-2,
  epsRoot: 1e-4,
  epochs: 25,
  batchSize: 32,
};

/**
 * A fine-tune that learns the planted facts by heart, and is far from smooth: a dry run that finds mistakes, since a row that
 * others contradict stands out where all the others are known. Nobody is paid by it.
 */
export const byHeartRecipe: Recipe = { ...plantedRecipe, epsRoot: recipePresets.balanced.epsRoot, epochs: 20 };
