import { basename, join } from 'node:path';
import { readAdapter, writeAdapter } from '../io/peft.ts';
import { writeFileAtomically } from '../io/write-file-atomically.ts';
import { mergeAdapters } from '../lora/merge-adapters.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { loadBaseModel } from './base-model.ts';
import { sha256OfFile } from './checkpoint.ts';
import { createStepEngine } from './create-step-engine.ts';
import { TrainingError } from './errors.ts';
import { meanLoss } from './evaluate-loss.ts';
import { mergeManifest } from './merge-manifest.ts';
import { chooseRows, prepareExamples } from './prepare-examples.ts';
import type { MergeInput, TrainEvent } from './train-events.ts';

const millionths = 1_000_000;

/**
 * The merge itself, which blocks its thread: call `mergeTrainedAdapters`, which runs it in a worker thread, unless you are in one. It is
 * exact (lora/merge-adapters.ts) and takes no step; what takes time is measuring it on the rows that none of the merged adapters saw.
 *
 * @param isStopped asked before each measurement; once true, training_stopped is thrown
 */
export async function* runMerge(input: MergeInput, isStopped: () => boolean): AsyncGenerator<TrainEvent> {
  const start = { seconds: performance.now() / 1000, cpu: process.cpuUsage() };
  const base = await loadBaseModel(input.modelDir);
  const parents = await Promise.all(
    input.parents.map(async ({ dir, weightPpm }) => ({
      ...(await readAdapter(dir, base.config)),
      weight: weightPpm / millionths,
    })),
  );
  const { layout, theta } = mergeAdapters(base.config, parents);
  const recipe = { ...input.recipe, lora: layout.lora };
  const context = base.config.max_position_embeddings;
  const options = { maxSeqLength: Math.min(recipe.maxSeqLength, context), lossOn: recipe.lossOn };
  const train = prepareExamples(base.tokenizer, input.train, options, 'training set');
  const measured = chooseRows(input.evaluation, recipe.evalRows, `${input.datasetRoot}|${recipe.seed}`);
  const evaluation = prepareExamples(base.tokenizer, measured, options, 'evaluation set');
  yield {
    ...{ type: 'started', totalSteps: 0, trainTokens: 0, resumedStep: 0, trainableParams: layout.length },
    truncatedExamples: train.truncated + evaluation.truncated,
    skippedExamples: [...train.skipped, ...evaluation.skipped],
    ...{ sealedSha256: evaluation.sha256, trainExamples: train.examples.length },
    heldOutExamples: evaluation.examples.length,
    ...{ attributable: false, privacy: null },
  };
  const threads = input.threads ?? 1;
  const sessions = new SessionCache(12, { threads });
  const engine = createStepEngine({ base, layout, sessions });
  const measure = (adapter: Float32Array | null): Promise<number> => {
    if (isStopped()) throw new TrainingError('training_stopped', 'The merge was stopped.');
    return meanLoss(engine, adapter, evaluation, context);
  };
  const baseEvalLoss = await measure(null);
  const evalLoss = await measure(theta);
  await sessions.release();
  yield { type: 'eval', step: 0, loss: evalLoss, baseLoss: baseEvalLoss };
  refuseWorse(evalLoss, baseEvalLoss);
  await writeAdapter(input.outDir, { layout, theta, baseModelName: basename(input.modelDir) });
  const adapterSha256 = await sha256OfFile(join(input.outDir, 'adapter_model.safetensors'));
  const result = { steps: 0, adapterStep: 0, evalLoss, baseEvalLoss };
  const manifest = await mergeManifest(input, { base, train, evaluation, recipe, threads }, result, adapterSha256);
  const manifestFile = join(input.outDir, 'run-manifest.json');
  await writeFileAtomically(manifestFile, [Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]);
  const { user, system } = process.cpuUsage(start.cpu);
  yield {
    ...{ type: 'done', ...result, adapterSha256, adapterDir: input.outDir, privacy: null },
    manifestSha256: await sha256OfFile(manifestFile),
    seconds: performance.now() / 1000 - start.seconds,
    cpuSeconds: (user + system) / 1e6,
  };
}

/** @throws TrainingError merge_not_better */
function refuseWorse(loss: number, baseLoss: number): void {
  if (loss < baseLoss) return;
  const figures = `${loss.toFixed(4)} with it, ${baseLoss.toFixed(4)} without`;
  throw new TrainingError('merge_not_better', `The merged adapter does not lower the held-out loss (${figures}).`);
}
