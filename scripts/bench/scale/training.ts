import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { initializeAdapter } from '#lib/engine/lora/layout.ts';
import { SessionCache } from '#lib/engine/runtime/session-cache.ts';
import { type AdapterPlan, planAdapterTraining } from '#lib/engine/train/adapter-plan.ts';
import { adapterSteps } from '#lib/engine/train/adapter-steps.ts';
import { createStepEngine } from '#lib/engine/train/create-step-engine.ts';
import { meanLoss } from '#lib/engine/train/evaluate-loss.ts';
import { OptimizerState } from '#lib/engine/train/optimizer-state.ts';
import { type Recipe, recipePresets } from '#lib/engine/train/recipe.ts';
import { harbourRow } from '../finetune/rows.ts';
import type { BenchContext } from '../main.ts';
import { costOf, median } from '../measure.ts';

const modelDir = 'models/openledger-nano';
const sizes = [1_000, 10_000, 100_000] as const;
const stepsARound = 4;
const recipe: Recipe = {
  ...recipePresets.quick,
  batchSize: 16,
  maxSeqLength: 72,
  evalEverySteps: 0,
  checkpointEverySteps: 0,
};

type Sized = {
  rows: number;
  plan: AdapterPlan;
  prepareCpu: number;
  bytes: number;
  take: () => Promise<void>;
  evaluate: () => Promise<unknown>;
};

/**
 * What a row costs in data sets of 1,000 to 100,000 rows: rendering and laying out, one training step's share, memory kept,
 * and an evaluation of a tenth of them. All are compared with the smallest set of the same run.
 */
export async function measureTrainingScale({ emit, log, rounds, threads }: BenchContext): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'bench-scale-'));
  const sessions = new SessionCache(12, { threads });
  const sets: Sized[] = [];
  for (const rows of sizes) {
    sets.push(await prepare(rows, root, sessions, threads));
    log(`${rows} rows prepared: ${sets.at(-1)!.prepareCpu.toFixed(2)} CPU s`);
  }
  const steps = sets.map((): number[] => []);
  const evaluations = sets.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, set] of sets.entries()) {
      const [step, evaluation] = [await costOf(set.take), await costOf(set.evaluate)];
      if (round === 0) continue; // compiles
      steps[i]!.push(step.cpu / (stepsARound * recipe.batchSize));
      evaluations[i]!.push(evaluation.cpu);
    }
  }
  for (const [i, { rows, plan, prepareCpu, bytes }] of sets.entries()) {
    const name = `${rows.toLocaleString('en')} rows`;
    const beside = (value: (at: number) => number, atMost: number) =>
      i === 0 ? {} : { peer: { name: '1,000 rows', value: value(0) }, target: { atMost } };
    const stepMs = (at: number) => 1000 * median(steps[at]!);
    const prepareMs = (at: number) => (1000 * sets[at]!.prepareCpu) / sets[at]!.rows;
    const evaluateSeconds = (at: number) => median(evaluations[at]!);
    emit({ case: `${name}: training`, value: stepMs(i), unit: 'CPU ms/row', ...beside(stepMs, 1.1) });
    emit({ case: `${name}: preparation`, value: prepareMs(i), unit: 'CPU ms/row', ...beside(prepareMs, 1.2) });
    const measured = plan.evaluation.examples.length;
    emit({ case: `${name}: evaluation of ${measured} held-out rows`, value: evaluateSeconds(i), unit: 'CPU s' });
    // What does not grow with the rows (the tokenizer, the sessions' books) weighs on the small sets only.
    const bound = rows === sizes.at(-1) ? { target: { atMost: 1_000 } } : {};
    emit({ case: `${name}: memory of the prepared rows`, value: bytes / rows, unit: 'bytes/row', ...bound });
    log(`${name}: ${prepareCpu.toFixed(1)} CPU s to prepare, ${(bytes / 2 ** 20).toFixed(1)} MB kept`);
  }
  await sessions.release();
  await rm(root, { recursive: true });
}

async function prepare(rows: number, root: string, sessions: SessionCache, threads: number): Promise<Sized> {
  const all = Array.from({ length: rows + rows / 10 }, (_, i) => harbourRow(i));
  const input = { train: all.slice(0, rows), evaluation: all.slice(rows), datasetRoot: 'bench', recipe };
  const idle = (count: number) => ({ ...input, train: input.train.slice(0, count), evaluation: all.slice(0, 8) });
  const planOf = (part: typeof input) => planAdapterTraining({ ...part, modelDir, outDir: root, threads });
  // The base costs the same whatever the rows: a plan of sixteen rows is taken off.
  const fixed = await costOf(() => planOf(idle(16)));
  const before = memoryInUse();
  let plan: AdapterPlan | undefined;
  const first = await costOf(async () => {
    plan = await planOf(input);
  });
  const base = Object.values(plan!.base.weights).reduce((sum, weight) => sum + weight.byteLength, 0);
  const bytes = memoryInUse() - before - base;
  // Thrice: a single preparation of few rows is mostly the collector's whim.
  const costs = [first, await costOf(() => planOf(input)), await costOf(() => planOf(input))];
  const prepareCpu = median(costs.map(({ cpu }) => cpu)) - fixed.cpu;
  return { rows, plan: plan!, prepareCpu, bytes, ...work(plan!, sessions) };
}

/** A few training steps from where the last ones ended, and one evaluation. */
function work(plan: AdapterPlan, sessions: SessionCache): Pick<Sized, 'take' | 'evaluate'> {
  const engine = createStepEngine({ ...plan, sessions });
  const state = new OptimizerState(initializeAdapter(plan.layout, '0'));
  let step = 0;
  return {
    take: async () => {
      const last = step + stepsARound;
      for await (const event of adapterSteps(plan, engine, sessions, state, step)) {
        step = event.step;
        if (step === last) break;
      }
    },
    evaluate: () => meanLoss(engine, state.theta, plan.evaluation, plan.base.config.max_position_embeddings),
  };
}

/** Bytes in use after a collection: the JavaScript heap and array buffers, native sessions left out. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
