import { trainTangents } from '#lib/engine/attribution/tangents/train-tangents.ts';
import { type AdapterLayout, adapterLayout, initializeAdapter } from '#lib/engine/lora/layout.ts';
import { learningRateFactor } from '#lib/engine/optim/schedule.ts';
import { SessionCache } from '#lib/engine/runtime/session-cache.ts';
import { layOutSteps } from '#lib/engine/train/adapter-plan.ts';
import { AdapterStepper } from '#lib/engine/train/adapter-step.ts';
import { type BaseModel, loadBaseModel } from '#lib/engine/train/base-model.ts';
import { type MicroBatch, toMicroBatch } from '#lib/engine/train/batches.ts';
import { createStepEngine } from '#lib/engine/train/create-step-engine.ts';
import { OptimizerState } from '#lib/engine/train/optimizer-state.ts';
import {
  type PreparedExample,
  type PreparedSet,
  prepareExamples,
  type TrainingExample,
} from '#lib/engine/train/prepare-examples.ts';
import { type Recipe, recipeOptimizer } from '#lib/engine/train/recipe.ts';
import type { StepEngine } from '#lib/engine/train/step-engine.ts';
import { trainingReach } from '#lib/engine/train/training-reach.ts';

/** What all trainings of one comparison share. `datasetRoot` decides the order of the rows, together with `recipe.seed`. */
export type TruthSetting = {
  modelDir: string;
  /** In the order of their content, as the product trains on them. */
  examples: readonly TrainingExample[];
  recipe: Recipe;
  datasetRoot: string;
};

/** A setting ready to train, in one thread: its graphs are compiled once for all trainings. */
export type TruthTrainer = {
  base: BaseModel;
  layout: AdapterLayout;
  engine: StepEngine;
  sessions: SessionCache;
  train: PreparedSet;
  /** Where training cuts its rows, in tokens. */
  maxSeqLength: number;
  retrain: (training: Training) => Promise<Trained>;
  /** How far a training on all rows went, of its second moments, see `trainingReach`. */
  reach: (v: Float32Array) => number;
  /** How the model of a seed moves with the weight of each contributor: J_c, [P] each. */
  tangents: (seed: number, owners: readonly number[], contributors: number) => Promise<Float32Array[]>;
};

export type Training = {
  seed: number;
  /** 1 for the rows that are trained on. */
  kept: Uint8Array;
  /** What the loss of each row counts. Default 1. */
  weights?: readonly number[];
  /** Number of checkpoints, spread evenly over the training, the last one at its end. Default 1. */
  checkpoints?: number;
};

export type Checkpoint = { theta: Float32Array; learningRate: number };
export type Trained = { theta: Float32Array; v: Float32Array; checkpoints: Checkpoint[] };

export async function openTrainer({ modelDir, examples, recipe, datasetRoot }: TruthSetting): Promise<TruthTrainer> {
  const base = await loadBaseModel(modelDir);
  const layout = adapterLayout(base.config, recipe.lora);
  const context = base.config.max_position_embeddings;
  const options = { maxSeqLength: Math.min(recipe.maxSeqLength, context), lossOn: recipe.lossOn };
  const train = prepareExamples(base.tokenizer, examples, options, 'training set');
  if (train.examples.length !== examples.length) throw new RangeError('Every row has to carry loss.');
  const sessions = new SessionCache(40, { threads: 1 });
  const engine = createStepEngine({ base, layout, sessions });
  const setting = { train, recipe, datasetRoot, context };
  const steps = layOutSteps(train, recipe, datasetRoot, context);
  return {
    base,
    layout,
    engine,
    sessions,
    train,
    maxSeqLength: options.maxSeqLength,
    reach: (v) => trainingReach({ recipe, ...steps }, v, steps.totalSteps),
    retrain: (training) => retrain({ ...setting, engine, layout, sessions }, training),
    tangents: async (seed, owners, contributors) => {
      const seeded = { ...recipe, seed };
      const plan = { base, layout, train, recipe: seeded, ...layOutSteps(train, seeded, datasetRoot, context) };
      return (await trainTangents(plan, { count: contributors, of: owners }, sessions)).tangents;
    },
  };
}

type Parts = Pick<TruthTrainer, 'engine' | 'layout' | 'sessions' | 'train'> & {
  recipe: Recipe;
  datasetRoot: string;
  context: number;
};

/**
 * The product's training with some rows taken away: the same start, order, steps and token budget, the weight of those rows
 * being zero. What differs between two trainings is then their data alone, and not a new shuffle of what stays.
 */
async function retrain(parts: Parts, { seed, kept, weights, checkpoints: wanted = 1 }: Training): Promise<Trained> {
  const { engine, layout, sessions, train, datasetRoot, context } = parts;
  const recipe = { ...parts.recipe, seed };
  const { totalSteps, tokenBudget, batchesOf } = layOutSteps(train, recipe, datasetRoot, context);
  const weightOf = weights && new Map(train.examples.map((example, row) => [example, weights[row]! / tokenBudget]));
  const unit = weightOf ? (example: PreparedExample): number => weightOf.get(example)! : 1 / tokenBudget;
  const state = new OptimizerState(initializeAdapter(layout, String(seed)));
  const stepper = new AdapterStepper(engine, layout.length, recipeOptimizer(recipe), sessions);
  const checkpoints: Checkpoint[] = [];
  for (let step = 1; step <= totalSteps; step++) {
    const progress = (step - 0.5) / totalSteps;
    const learningRate = recipe.learningRate * learningRateFactor(recipe.schedule, progress, recipe.warmupRatio);
    const rows = batchesOf(step).flatMap((batch) => batch.rows.filter((row) => kept[row] === 1));
    const batches = rows.length > 0 ? [tightBatch(train.examples, rows, unit)] : [];
    await stepper.step(state, batches, { step, learningRate });
    if (step === Math.round(((checkpoints.length + 1) * totalSteps) / wanted)) {
      checkpoints.push({ theta: state.theta.slice(), learningRate });
    }
  }
  return { theta: state.theta.slice(), v: state.v.slice(), checkpoints };
}

/** Rows with as little padding as few compiled shapes allow: multiples of four rows and of eight tokens. */
export function tightBatch(
  examples: readonly PreparedExample[],
  rows: readonly number[],
  unit: Parameters<typeof toMicroBatch>[3],
): MicroBatch {
  const longest = Math.max(...rows.map((row) => examples[row]!.ids.length));
  const [lines, time] = [4 * Math.ceil(rows.length / 4), 8 * Math.ceil(longest / 8)];
  return toMicroBatch(examples, { rows, time }, lines, unit);
}
