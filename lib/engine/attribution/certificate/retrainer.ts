import { setImmediate } from 'node:timers/promises';
import { initializeAdapter } from '../../lora/layout.ts';
import type { SessionCache } from '../../runtime/session-cache.ts';
import type { AdapterPlan } from '../../train/adapter-plan.ts';
import { AdapterStepper } from '../../train/adapter-step.ts';
import { learningRateAt } from '../../train/adapter-steps.ts';
import { type Batch, type MicroBatch, plainBatches, toMicroBatch } from '../../train/batches.ts';
import { createStepEngine } from '../../train/create-step-engine.ts';
import { OptimizerState } from '../../train/optimizer-state.ts';
import type { PreparedExample } from '../../train/prepare-examples.ts';
import { recipeOptimizer } from '../../train/recipe.ts';
import type { StepEngine } from '../../train/step-engine.ts';
import { AttributionStoppedError } from '../errors.ts';

const evaluationBatch = 8;

/**
 * Trains an adapter again with other weights of its rows: same start, order, batches, steps and token budget, so that a
 * weight of 0 takes the row's cause away and nothing else. Rows of weight 0 are not computed: half the rows cost a
 * little more than half. Compiled graphs are shared between trainings. Blocks its thread.
 */
export class Retrainer {
  private readonly plan: AdapterPlan;
  private readonly engine: StepEngine;
  private readonly stepper: AdapterStepper;
  private readonly isStopped: () => boolean;

  constructor(plan: AdapterPlan, sessions: SessionCache, isStopped: () => boolean) {
    this.plan = plan;
    this.engine = createStepEngine({ ...plan, sessions });
    this.stepper = new AdapterStepper(this.engine, plan.layout.length, recipeOptimizer(plan.recipe), sessions);
    this.isStopped = isStopped;
  }

  /**
   * theta of the adapter that these weights train; with all of them 1, that of the run itself, to the bit.
   * @param weights of the prepared training rows, in order
   * @throws AttributionStoppedError within a step of a stop; TrainingError training_diverged
   */
  async train(weights: ArrayLike<number>): Promise<Float32Array> {
    const { plan } = this;
    const state = new OptimizerState(initializeAdapter(plan.layout, String(plan.recipe.seed)));
    for (let step = 1; step <= plan.totalSteps; step++) {
      await setImmediate(); // lets a stop message in
      if (this.isStopped()) throw new AttributionStoppedError('The retraining was stopped.');
      const batches = plan.batchesOf(step).flatMap((batch) => weighted(plan, batch, weights));
      await this.stepper.step(state, batches, { step, learningRate: learningRateAt(plan, step) });
    }
    return state.theta;
  }

  /** log p, in nats, of each example's tokens that carry loss. @param theta null: the base alone */
  async logLikelihoods(theta: Float32Array | null, examples: readonly PreparedExample[]): Promise<Float64Array> {
    const result = new Float64Array(examples.length);
    const lengths = examples.map(({ ids }) => ids.length);
    for (const batch of plainBatches(lengths, evaluationBatch, this.plan.base.config.max_position_embeddings)) {
      const losses = await this.engine.losses(theta, toMicroBatch(examples, batch, evaluationBatch, 1));
      for (const [line, row] of batch.rows.entries()) {
        for (let t = 0; t < batch.time; t++) result[row]! -= losses[line * batch.time + t]!;
      }
    }
    return result;
  }
}

/** The batch without its rows of weight 0; nothing where none is left. */
function weighted(plan: AdapterPlan, batch: Batch, weights: ArrayLike<number>): MicroBatch[] {
  const { examples } = plan.train;
  const rows = batch.rows.filter((row) => weights[row] !== 0);
  if (rows.length === 0) return [];
  const weightOf = new Map(rows.map((row) => [examples[row]!, weights[row]! / plan.tokenBudget]));
  const { batchSize } = plan.recipe;
  const small = Math.ceil(batchSize / 2); // two sizes alone: each shape is a graph in memory
  const size = rows.length <= small ? small : batchSize;
  return [toMicroBatch(examples, { rows, time: batch.time }, size, (example) => weightOf.get(example)!)];
}
