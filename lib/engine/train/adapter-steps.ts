import { learningRateFactor } from '../optim/schedule.ts';
import type { SessionCache } from '../runtime/session-cache.ts';
import type { AdapterPlan } from './adapter-plan.ts';
import { AdapterStepper } from './adapter-step.ts';
import { type Batch, type MicroBatch, toMicroBatch } from './batches.ts';
import { DropoutMasks } from './dropout-masks.ts';
import { gradientMeter } from './gradient-parts.ts';
import type { OptimizerState } from './optimizer-state.ts';
import { expectedRows } from './privacy/private-batches.ts';
import { privateGradient } from './privacy/private-gradient.ts';
import { recipeOptimizer } from './recipe.ts';
import type { StepEngine } from './step-engine.ts';
import type { TrainEvent } from './train-events.ts';

type StepEvent = Extract<TrainEvent, { type: 'step' | 'gradient' }>;

/**
 * Trains `state` step by step from `firstStep` on and tells of each, and before some, of rows from several sources, who pulls how much.
 * @throws TrainingError training_diverged
 */
export async function* adapterSteps(
  plan: AdapterPlan,
  engine: StepEngine,
  sessions: SessionCache,
  state: OptimizerState,
  firstStep: number,
): AsyncGenerator<StepEvent> {
  const { layout, recipe, train, totalSteps, stepsPerEpoch } = plan;
  const stepper = new AdapterStepper(engine, layout.length, recipeOptimizer(recipe), sessions);
  const takeStep = plan.noiseSecret === null ? plainStep(plan, stepper) : privateStep(plan, engine, stepper);
  const measure = gradientMeter(plan, engine);
  let [tokens, seconds] = [0, 0];
  for (let step = firstStep + 1; step <= totalSteps; step++) {
    const batches = plan.batchesOf(step);
    const learningRate = learningRateAt(plan, step);
    const start = performance.now() / 1000;
    const pulls = await measure?.(step, state.theta);
    if (pulls) yield pulls;
    const loss = await takeStep(state, batches, { step, learningRate });
    for (const { rows } of batches) for (const row of rows) tokens += train.examples[row]!.ids.length;
    seconds += performance.now() / 1000 - start;
    yield {
      type: 'step',
      step,
      epoch: Math.floor((step - 1) / stepsPerEpoch) + 1,
      loss,
      learningRate,
      tokensPerSecond: tokens / seconds,
      etaSeconds: (totalSteps - step) * (seconds / (step - firstStep)),
    };
  }
}

/** The learning rate of step 1, 2, ... of a run. */
export function learningRateAt(
  { recipe, totalSteps }: Pick<AdapterPlan, 'recipe' | 'totalSteps'>,
  step: number,
): number {
  // Half a step ahead, so that neither the first nor the last step is lost on a rate of zero.
  const progress = (step - 0.5) / totalSteps;
  return recipe.learningRate * learningRateFactor(recipe.schedule, progress, recipe.warmupRatio);
}

type StepTaker = (
  state: OptimizerState,
  batches: readonly Batch[],
  at: { step: number; learningRate: number },
) => Promise<number | null>;

/** The summed loss of all rows over a fixed budget of tokens; returns the mean loss of a token. */
function plainStep(plan: AdapterPlan, stepper: AdapterStepper): StepTaker {
  const { train, recipe, tokenBudget } = plan;
  const prepare = microBatches(plan, (batch) => toMicroBatch(train.examples, batch, recipe.batchSize, 1 / tokenBudget));
  return async (state, batches, at) => {
    const { loss } = await stepper.step(state, prepare(batches, at.step), at);
    let lossTokens = 0;
    for (const { rows } of batches) for (const row of rows) lossTokens += train.examples[row]!.lossTokens;
    return (loss * tokenBudget) / lossTokens;
  };
}

/** DP-SGD. The loss over the step's rows is not told: it is no private figure. */
function privateStep(plan: AdapterPlan, engine: StepEngine, stepper: AdapterStepper): StepTaker {
  const { train, recipe, layout, noiseSecret: secret } = plan;
  const { privacy } = recipe;
  if (!privacy || secret === null) throw new Error('This run is not private.');
  // Each row's mean, and no common budget: its gradient must not depend on the other rows.
  const prepare = microBatches(plan, (batch) =>
    toMicroBatch(train.examples, batch, recipe.batchSize, ({ lossTokens }) => 1 / lossTokens),
  );
  const gradient = new Float32Array(layout.length);
  const rows = expectedRows(recipe);
  return async (state, batches, at) => {
    await privateGradient(
      engine,
      state.theta,
      prepare(batches, at.step),
      { ...at, secret, privacy, expectedRows: rows },
      gradient,
    );
    await stepper.apply(state, gradient, 0, at);
    return null;
  };
}

/** Turns batches into feeds, one at a time: the masks of one micro-batch overwrite those of the last. */
function microBatches(plan: AdapterPlan, toFeeds: (batch: Batch) => MicroBatch) {
  const masks = plan.layout.lora.loraDropout > 0 ? new DropoutMasks(plan.layout, plan.recipe.seed) : null;
  return function* (batches: readonly Batch[], step: number): Generator<MicroBatch> {
    for (const [i, batch] of batches.entries()) {
      const microBatch = toFeeds(batch);
      const lines = microBatch.batch * microBatch.time;
      yield masks ? { ...microBatch, masks: masks.draw({ step, microBatch: i }, lines) } : microBatch;
    }
  };
}
