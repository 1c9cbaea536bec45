import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelPlace } from '#lib/engine/attribution/attribution-service.ts';
import { runAdapterTraining } from '#lib/engine/train/adapter-run.ts';
import type { TrainingExample } from '#lib/engine/train/prepare-examples.ts';
import { recipePresets } from '#lib/engine/train/recipe.ts';

const contextTokens = 1024;

/**
 * The shipped base with room for a prompt and 400 tokens, and an adapter that two epochs over `examples` made.
 * @returns their folders, and the CPU seconds of the second epoch: its steps alone, on graphs that are compiled
 */
export async function adaptedNano(
  folder: string,
  examples: TrainingExample[],
): Promise<ModelPlace & { epochCpuSeconds: number }> {
  const modelDir = join(folder, 'model');
  await cp(fileURLToPath(new URL('../../../models/openledger-nano', import.meta.url)), modelDir, { recursive: true });
  const configFile = join(modelDir, 'config.json');
  const config = JSON.parse(await readFile(configFile, 'utf8')) as { max_position_embeddings: number };
  config.max_position_embeddings = Math.max(contextTokens, config.max_position_embeddings);
  await writeFile(configFile, JSON.stringify(config));
  const outDir = join(folder, 'adapter');
  const recipe = { ...recipePresets.quick, epochs: 2, evalEverySteps: 0, checkpointEverySteps: 0 };
  const input = { modelDir, outDir, train: examples, evaluation: examples.slice(0, 1), recipe, datasetRoot: '0xbench' };
  let totalSteps = 0;
  let half = process.cpuUsage();
  let epochCpuSeconds = 0;
  for await (const event of runAdapterTraining({ ...input, threads: 1 }, () => false)) {
    if (event.type === 'started') totalSteps = event.totalSteps;
    if (event.type !== 'step') continue;
    if (2 * event.step === totalSteps) half = process.cpuUsage();
    const { user, system } = process.cpuUsage(half);
    epochCpuSeconds = (user + system) / 1e6;
  }
  return { modelDir, adapterDir: outDir, epochCpuSeconds };
}
