import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BaseModel } from '../train/base-model.ts';
import { type PreparedSet, prepareExamples, type TrainingExample } from '../train/prepare-examples.ts';
import type { Recipe } from '../train/recipe.ts';

/**
 * Rows as tokens with the loss where training had it: cut and masked as the adapter's run manifest says.
 * `reach` is the manifest's, see `trainingReach`.
 * @param maxSeqLength in place of the manifest's; without either, the model's context
 * @throws TrainingError dataset_empty
 */
export async function prepareRows(
  base: BaseModel,
  adapterDir: string,
  rows: readonly TrainingExample[],
  maxSeqLength?: number,
): Promise<{ set: PreparedSet; maxSeqLength: number; reach: number | undefined }> {
  const context = base.config.max_position_embeddings;
  const { recipe, reach } = await runManifestOf(adapterDir);
  const length = Math.min(maxSeqLength ?? recipe?.maxSeqLength ?? context, context);
  const options = { maxSeqLength: length, lossOn: recipe?.lossOn ?? 'completion' };
  return { set: prepareExamples(base.tokenizer, rows, options, 'attribution set'), maxSeqLength: length, reach };
}

/** What is read of it; adapters from elsewhere have none. */
async function runManifestOf(adapterDir: string): Promise<{ recipe?: Partial<Recipe>; reach?: number }> {
  const text = await readFile(join(adapterDir, 'run-manifest.json'), 'utf8').catch(() => '{}');
  return JSON.parse(text) as { recipe?: Partial<Recipe>; reach?: number };
}
