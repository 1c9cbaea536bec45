import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bounds, judge } from '#lib/audits/rules.ts';
import { AttributionService } from '#lib/engine/attribution/attribution-service.ts';
import { measureAttribution } from '#lib/engine/attribution/certificate/measure-attribution.ts';
import type { MeasuredAttribution } from '#lib/engine/attribution/certificate/measure-input.ts';
import { runAdapterTraining } from '#lib/engine/train/adapter-run.ts';
import { type Recipe, recipePresets } from '#lib/engine/train/recipe.ts';
import type { TrainingSet } from '#lib/model-factory/choose-training-set.ts';
import { sampleRows } from '../certificate/sample-rows.ts';
import type { BenchContext } from '../main.ts';

export const description =
  'certificates of the presets on the shipped base and sample rows: smooth, learnt, predicted; an unhealthy recipe is refused';

const modelDir = fileURLToPath(new URL('../../../models/openledger-nano', import.meta.url));
const subsetsDefault = 16;

const { quick, balanced, best } = recipePresets;
/** The last one takes steps that no attribution can follow: it must not pass. */
const recipes: Record<string, Recipe> = { quick, balanced, best, unhealthy: { ...balanced, learningRate: 0.05 } };

export async function run(context: BenchContext): Promise<void> {
  const set = await sampleRows(context.dataPath);
  context.log(`${set.train.length} rows to train on, ${set.heldOut.length} held out`);
  const folder = await mkdtemp(join(tmpdir(), 'attribution-certificate-'));
  try {
    for (const [name, recipe] of Object.entries(recipes)) {
      const adapterDir = join(folder, name);
      const trained = await train(set, recipe, adapterDir);
      if (trained === null) context.log(`${name}: the training failed, there is nothing to certify`);
      else await certify(context, set, { name, recipe, adapterDir, trained });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Trained = { cpuSeconds: number; evalLoss: number; baseEvalLoss: number };

/** Null where the run ends with a failure of its own: it diverged, or learnt nothing. */
async function train(set: TrainingSet, recipe: Recipe, outDir: string): Promise<Trained | null> {
  const input = {
    modelDir,
    outDir,
    train: set.train,
    evaluation: set.heldOut,
    recipe,
    datasetRoot: set.root,
    threads: 1,
  };
  let trained: Trained | null = null;
  try {
    for await (const event of runAdapterTraining(input, () => false)) if (event.type === 'done') trained = event;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === 'training_diverged' || code === 'training_learnt_nothing') return null;
    throw error;
  }
  const service = new AttributionService(1);
  const silent = { onProgress: () => {}, isStopped: () => false };
  const place = { modelDir, adapterDir: outDir, examples: set.train, outFile: join(outDir, 'attribution.index') };
  await service.buildIndex(place, silent);
  await service.release();
  return trained;
}

type Subject = { name: string; recipe: Recipe; adapterDir: string; trained: Trained };

async function certify(
  context: BenchContext,
  { train, heldOut, root: datasetRoot }: TrainingSet,
  { name, recipe, adapterDir, trained }: Subject,
): Promise<void> {
  const budget = { subsets: context.subsets ?? subsetsDefault, cpuSeconds: Number.POSITIVE_INFINITY };
  const place = { modelDir, adapterDir, indexFile: join(adapterDir, 'attribution.index') };
  const input = { ...place, train, heldOut, datasetRoot, recipe, seed: 'bench', ...budget, known: {} };
  for await (const event of measureAttribution(input, () => false)) {
    if (event.type === 'trained' && event.done % 8 === 0) context.log(`${name}: ${event.done} trainings`);
    if (event.type === 'refused') {
      context.log(`${name}: refused, ${event.reason}`);
      context.emit({ case: `${name}: certified`, value: 0, unit: '', target: wanted(name) });
    }
    if (event.type !== 'measured') continue;
    report(context, name, event.result);
    const peer = { name: 'CPU of the training', value: trained.cpuSeconds };
    context.emit({ case: `${name}: CPU of its certificate`, value: event.cpuSeconds, unit: 's', peer });
  }
  context.emit({
    case: `${name}: held-out loss`,
    value: trained.evalLoss,
    unit: 'nats per token',
    peer: { name: 'base', value: trained.baseEvalLoss },
  });
}

function report({ emit, log }: BenchContext, name: string, measured: MeasuredAttribution): void {
  const { passed, reasons, figures } = judge('certification', measured);
  const { score, lower: low, upper: high } = measured.score;
  const isHealthy = name !== 'unhealthy';
  const target = (bound: number) => (isHealthy ? { target: { atLeast: bound } } : {});
  emit({
    case: `${name}: smooth in its rows' weights`,
    value: (figures.smoothnessPpm ?? 0) / 1e6,
    unit: 'metasmoothness',
    ...target(bounds.smoothness),
  });
  emit({ case: `${name}: learnt its rows`, value: figures.learntPpm / 1e6, unit: 'of rows', ...target(bounds.learnt) });
  emit({ case: `${name}: LDS over rows`, value: score, unit: '', interval: { low, high } });
  emit({ case: `${name}: lower 95 % bound`, value: low, unit: '', ...target(bounds.lower) });
  if (reasons.length > 0) log(`${name}: ${reasons.join(', ')}`);
  emit({ case: `${name}: certified`, value: passed ? 1 : 0, unit: '', target: wanted(name) });
}

/** 1: certified. */
function wanted(name: string): { atLeast: number } | { atMost: number } {
  return name === 'unhealthy' ? { atMost: 0 } : { atLeast: 1 };
}
