import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { writeAdapter } from '../io/peft.ts';
import { writeSafetensors } from '../io/safetensors.ts';
import { writeFileAtomically } from '../io/write-file-atomically.ts';
import type { AdapterPlan } from './adapter-plan.ts';
import { sha256OfFile } from './checkpoint.ts';
import type { OptimizerState } from './optimizer-state.ts';
import { recipeOptimizer } from './recipe.ts';
import type { TrainAdapterInput } from './train-events.ts';

/** Raised whenever the same input may give other bits. */
export const engineVersion = '1';

/**
 * Writes the result: PEFT's `adapter_config.json` and `adapter_model.safetensors`, `optimizer.safetensors` (m, v: the
 * curvature that attribution uses) and `run-manifest.json` (what it takes to train the same again).
 *
 * @returns SHA-256 of `adapter_model.safetensors`
 */
export async function writeTrainedAdapter(
  input: TrainAdapterInput,
  plan: AdapterPlan,
  state: OptimizerState,
  losses: { evalLoss: number; baseEvalLoss: number },
): Promise<string> {
  const { outDir, modelDir, datasetRoot } = input;
  const { layout, base, recipe, train, evaluation } = plan;
  await mkdir(outDir, { recursive: true });
  await writeAdapter(outDir, { layout, theta: state.theta, baseModelName: basename(modelDir) });
  const shape = [layout.length];
  const moments = new Map([
    ['m', { shape, data: state.m }],
    ['v', { shape, data: state.v }],
  ]);
  const optimizer = recipeOptimizer(recipe);
  const metadata = { step: String(plan.totalSteps), beta2: String(optimizer.beta2), epsRoot: String(recipe.epsRoot) };
  await writeSafetensors(join(outDir, 'optimizer.safetensors'), moments, { metadata, dtype: 'F32' });
  const adapterSha256 = await sha256OfFile(join(outDir, 'adapter_model.safetensors'));
  const manifest = {
    engineVersion,
    baseModel: basename(modelDir),
    baseSha256: base.sha256,
    datasetRoot,
    trainSha256: train.sha256,
    evaluationSha256: evaluation.sha256,
    trainExamples: train.examples.length,
    evaluationExamples: evaluation.examples.length,
    truncatedExamples: train.truncated + evaluation.truncated,
    skippedExamples: [...train.skipped, ...evaluation.skipped],
    recipe,
    optimizer,
    tokenBudget: plan.tokenBudget,
    steps: plan.totalSteps,
    ...losses,
    adapterSha256,
    optimizerSha256: await sha256OfFile(join(outDir, 'optimizer.safetensors')),
    node: process.version,
    onnxruntime: await onnxruntimeVersion(),
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown',
  };
  await writeFileAtomically(join(outDir, 'run-manifest.json'), [Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]);
  return adapterSha256;
}

async function onnxruntimeVersion(): Promise<string> {
  const path = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  return (JSON.parse(await readFile(path, 'utf8')) as { version: string }).version;
}
