import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeAdapter } from '../io/peft.ts';
import { writeSafetensors } from '../io/safetensors.ts';
import { writeFileAtomically } from '../io/write-file-atomically.ts';
import type { AdapterPlan } from './adapter-plan.ts';
import { sha256OfFile } from './checkpoint.ts';
import type { StateArrays } from './held-out-record.ts';
import { recipeOptimizer } from './recipe.ts';
import { type RunResult, runManifest } from './run-manifest.ts';
import type { TrainAdapterInput } from './train-events.ts';
import { trainingReach } from './training-reach.ts';

/**
 * Writes the result: PEFT's `adapter_config.json` and `adapter_model.safetensors`, `optimizer.safetensors` (m, v: the
 * curvature that attribution uses) and `run-manifest.json` (what it takes to train the same again).
 *
 * @returns SHA-256 of `adapter_model.safetensors` and of `run-manifest.json`
 */
export async function writeTrainedAdapter(
  input: TrainAdapterInput,
  plan: AdapterPlan,
  state: StateArrays,
  result: RunResult,
): Promise<{ adapterSha256: string; manifestSha256: string }> {
  const { outDir, datasetRoot, dataset = null } = input;
  const { layout, recipe } = plan;
  const baseModel = basename(input.modelDir);
  await mkdir(outDir, { recursive: true });
  await writeAdapter(outDir, { layout, theta: state.theta, baseModelName: baseModel });
  const shape = [layout.length];
  const moments = new Map([
    ['m', { shape, data: state.m }],
    ['v', { shape, data: state.v }],
  ]);
  const { beta2 } = recipeOptimizer(recipe);
  const metadata = { step: String(result.adapterStep), beta2: String(beta2), epsRoot: String(recipe.epsRoot) };
  await writeSafetensors(join(outDir, 'optimizer.safetensors'), moments, { metadata, dtype: 'F32' });
  const hashes = {
    adapterSha256: await sha256OfFile(join(outDir, 'adapter_model.safetensors')),
    optimizerSha256: await sha256OfFile(join(outDir, 'optimizer.safetensors')),
  };
  const reach = trainingReach(plan, state.v, result.adapterStep);
  const manifest = await runManifest(plan, { baseModel, datasetRoot, dataset }, result, { ...hashes, reach });
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  await writeFileAtomically(join(outDir, 'run-manifest.json'), [bytes]);
  return {
    adapterSha256: hashes.adapterSha256,
    manifestSha256: createHash('sha256').update(bytes).digest('hex'),
  };
}
