import { setImmediate } from 'node:timers/promises';
import { initializeAdapter } from '../../lora/layout.ts';
import type { SessionCache } from '../../runtime/session-cache.ts';
import type { AdapterPlan } from '../../train/adapter-plan.ts';
import { AdapterStepper } from '../../train/adapter-step.ts';
import { learningRateAt } from '../../train/adapter-steps.ts';
import { type Batch, toMicroBatch } from '../../train/batches.ts';
import { createStepEngine } from '../../train/create-step-engine.ts';
import { OptimizerState } from '../../train/optimizer-state.ts';
import type { PreparedExample } from '../../train/prepare-examples.ts';
import { isAttributable, recipeOptimizer } from '../../train/recipe.ts';
import type { StepEngine } from '../../train/step-engine.ts';
import { AttributionStoppedError } from '../errors.ts';
import { advanceTangent, type StateTangent, zeroTangent } from './adam-tangent.ts';

/** What of a planned training the tangents are taken through. */
export type TangentPlan = Pick<
  AdapterPlan,
  'base' | 'layout' | 'train' | 'recipe' | 'totalSteps' | 'tokenBudget' | 'batchesOf'
>;

export type Groups = {
  /** At most 64: each costs two gradients a step. */
  count: number;
  /** The group, e.g. the contributor, of each prepared training row, in order: 0 to `count - 1`. */
  of: ArrayLike<number>;
};

export type TangentOptions = {
  /** Half the distance of the two gradients of a difference, in weights. Default 0.01; 0.003 to 0.05 give the same to 0.1 %. */
  stepSize?: number;
  onStep?: (step: number, totalSteps: number) => void;
  isStopped?: () => boolean;
};

export type Tangents = {
  /** The trained adapter, to the bit that of the run itself. */
  theta: Float32Array;
  /** J_c = d theta / d w_c at w = 1, [P] for each group. */
  tangents: Float32Array[];
};

const groupsMax = 64;

/**
 * How the trained adapter moves with the weight of each group of rows: forward mode through the actual training, step by step
 * with the same batches (reference: exact contributor tangents; Engstrom et al. 2025, arXiv 2503.13751, has the reverse mode).
 *
 * The derivative of a step's gradient, H theta' + g_c, is a central difference of two gradients, moved along both theta' and
 * w_c. Adam is differentiated by hand. It needs epsilon inside the root: outside, v near 0 has no derivative to speak of.
 *
 * An instrument of audits, not of pay: groups are contributors, and what is measured by group would pay splitting them.
 * Cost: 2 x count + 1 trainings. Memory: 3 x count x P floats. Blocks its thread.
 *
 * @throws RangeError for over 64 groups or a recipe with dropout, packing, privacy or a budget that its loss decides;
 * AttributionStoppedError within a step of a stop
 */
export async function trainTangents(
  plan: TangentPlan,
  groups: Groups,
  sessions: SessionCache,
  { stepSize = 0.01, onStep, isStopped }: TangentOptions = {},
): Promise<Tangents> {
  if (groups.count > groupsMax) throw new RangeError(`Tangents are for at most ${groupsMax} groups.`);
  if (!isAttributable(plan.recipe)) throw new RangeError('This recipe has no tangents: its run is not attributable.');
  const engine = createStepEngine({ ...plan, sessions });
  const optimizer = recipeOptimizer(plan.recipe);
  const { length } = plan.layout;
  const stepper = new AdapterStepper(engine, length, optimizer, sessions);
  const state = new OptimizerState(initializeAdapter(plan.layout, String(plan.recipe.seed)));
  const tangents = Array.from({ length: groups.count }, () => zeroTangent(length));
  const gradient = new Float32Array(length);
  for (let step = 1; step <= plan.totalSteps; step++) {
    const at = { step, learningRate: learningRateAt(plan, step) };
    const batches = plan.batchesOf(step);
    const loss = await weightedGradient(plan, engine, state.theta, batches, () => 1, gradient);
    const changes = new Map<number, Float32Array>();
    for (const [group, tangent] of tangents.entries()) {
      if (!isReached(tangent) && !batches.some(({ rows }) => rows.some((row) => groups.of[row] === group))) continue;
      const along = { theta: state.theta, tangent, group, stepSize };
      changes.set(group, await differenceOfGradients(plan, groups, engine, batches, along));
      await setImmediate(); // lets a stop message in
      if (isStopped?.()) throw new AttributionStoppedError('The tangents were stopped.');
    }
    await stepper.apply(state, gradient, loss, at);
    const taken = { gradient, m: state.m, v: state.v };
    for (const [group, change] of changes) advanceTangent(tangents[group]!, change, taken, optimizer, at);
    onStep?.(step, plan.totalSteps);
  }
  return { theta: state.theta.slice(), tangents: tangents.map(({ theta }) => theta) };
}

type Direction = { theta: Float32Array; tangent: StateTangent; group: number; stepSize: number };

/** d gradient / d w_c, total: [gradient(theta + h theta', w_c + h) - gradient(theta - h theta', w_c - h)] / 2h. */
async function differenceOfGradients(
  plan: TangentPlan,
  groups: Groups,
  engine: StepEngine,
  batches: readonly Batch[],
  { theta, tangent, group, stepSize }: Direction,
): Promise<Float32Array> {
  const moved = new Float32Array(theta.length);
  const gradientAt = async (h: number, sum: Float32Array): Promise<void> => {
    for (let i = 0; i < theta.length; i++) moved[i] = theta[i]! + h * tangent.theta[i]!;
    await weightedGradient(plan, engine, moved, batches, (row) => (groups.of[row] === group ? 1 + h : 1), sum);
  };
  const [up, down] = [new Float32Array(theta.length), new Float32Array(theta.length)];
  await gradientAt(stepSize, up);
  await gradientAt(-stepSize, down);
  return up.map((value, i) => (value - down[i]!) / (2 * stepSize));
}

/** The step's summed gradient into `sum`, each row by its weight; returns the loss. */
async function weightedGradient(
  { train, recipe, tokenBudget }: TangentPlan,
  engine: StepEngine,
  theta: Float32Array,
  batches: readonly Batch[],
  weightOf: (row: number) => number,
  sum: Float32Array,
): Promise<number> {
  sum.fill(0);
  let loss = 0;
  for (const batch of batches) {
    const units = new Map<PreparedExample, number>();
    for (const row of batch.rows) units.set(train.examples[row]!, weightOf(row) / tokenBudget);
    const unit = (example: PreparedExample): number => units.get(example)!;
    loss += await engine.addGradient(theta, toMicroBatch(train.examples, batch, recipe.batchSize, unit), sum);
  }
  return loss;
}

/** Whether anything has moved by this weight yet. */
function isReached({ m }: StateTangent): boolean {
  return m.some((value) => value !== 0);
}
