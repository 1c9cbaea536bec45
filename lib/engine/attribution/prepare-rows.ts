import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BaseModel } from '../train/base-model.ts';
import { type PreparedSet, prepareExamples, type TrainingExample } from '../train/prepare-examples.ts';
import type { Recipe } from '../train/recipe.ts';

/**
 * Rows as tokens with the loss where training had it: cut and masked as the adapter's run manifest says.
 * `reach` is the manifest's, see `trainingReach`, and `start` the seed of the adapter that the training began with; of a fork, which
 * began with another's, and of a merge, which began with nothing, there is none.
 * @param maxSeqLength in place of the manifest's; without either, the model's context
 * @throws TrainingError dataset_empty
 */
export async function prepareRows(
  base: BaseModel,
  adapterDir: string,
  rows: readonly TrainingExample[],
  maxSeqLength?: number,
): Promise<{ set: PreparedSet; maxSeqLength: number; reach: number | undefined; start: string | undefined }> {
  const context = base.config.max_position_embeddings;
  const { recipe, reach, forkedFrom, merge } = await runManifestOf(adapterDir);
  const length = Math.min(maxSeqLength ?? recipe?.maxSeqLength ?? context, context);
  const options = { maxSeqLength: length, lossOn: recipe?.lossOn ?? 'completion' };
  const set = prepareExamples(base.tokenizer, rows, options, 'attribution set');
  const start = recipe?.seed === undefined || forkedFrom || merge ? undefined : String(recipe.seed);
  return { set, maxSeqLength: length, reach, start };
}

type ReadOfManifest = { recipe?: Partial<Recipe>; reach?: number; forkedFrom?: unknown; merge?: unknown };

/** What is read of it; adapters from elsewhere have none. */
async function runManifestOf(adapterDir: string): Promise<ReadOfManifest> {
  const text = await readFile(join(adapterDir, 'run-manifest.json'), 'utf8').catch(() => '{}');
  return JSON.parse(text) as ReadOfManifest;
}
