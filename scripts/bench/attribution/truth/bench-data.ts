import { fileURLToPath } from 'node:url';
import { recipePresets } from '#lib/engine/train/recipe.ts';
import type { BenchContext } from '../../main.ts';
import { datasetData } from './dataset-data.ts';
import { plantedData } from './planted-data.ts';
import type { TruthData } from './truth-data.ts';

/** Where trained models and pre-trained bases are kept between runs. */
export const cacheDir = fileURLToPath(new URL('../../../../.cache/attribution', import.meta.url));
export const plantedRows = 320;

/**
 * Planted facts, or the rows of `--data`: by the product's own preset, but cut to 64 tokens, which is what 30 minutes of two cores can train
 * often enough on the shipped base.
 */
export function benchData({ dataPath, rowsMax }: Pick<BenchContext, 'dataPath' | 'rowsMax'>): Promise<TruthData> {
  if (dataPath === null) return plantedData({ cacheDir, rows: rowsMax ?? plantedRows });
  const modelDir = fileURLToPath(new URL('../../../../models/openledger-nano', import.meta.url));
  const recipe = { ...recipePresets.balanced, maxSeqLength: 64 };
  return datasetData({ path: dataPath, modelDir, recipe, contributors: 20, rows: rowsMax ?? 200, questions: 50 });
}
