import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTinyModel } from '../../io/test-support/tiny-model.ts';
import { SessionCache } from '../../runtime/session-cache.ts';
import { type AdapterPlan, planAdapterTraining } from '../../train/adapter-plan.ts';
import { plainBatches, toMicroBatch } from '../../train/batches.ts';
import { createStepEngine } from '../../train/create-step-engine.ts';
import { recipePresets } from '../../train/recipe.ts';
import { Retrainer } from '../certificate/retrainer.ts';
import { tangentEffects } from './tangent-effects.ts';
import { type Groups, type Tangents, trainTangents } from './train-tangents.ts';

const facts = ['the mat', 'a red house', 'blue', 'an old man', 'a dog', 'the river', 'the cat', 'north', 'the house'];
const examples = facts.map((fact, i) => ({
  id: `ex_${i}`,
  messages: [
    { role: 'user' as const, content: `what is the ${['cat', 'dog', 'river'][i % 3]} of ${facts[(i + 4) % 9]}?` },
    { role: 'assistant' as const, content: `it is ${fact}.` },
  ],
}));
const groups: Groups = { count: 3, of: [0, 1, 2, 0, 1, 2, 0, 0, 1] };
const recipe = {
  ...recipePresets.balanced,
  lora: { ...recipePresets.balanced.lora, r: 2, loraAlpha: 4 },
  ...{ learningRate: 5e-3, epochs: 12, batchSize: 3, evalEverySteps: 0, checkpointEverySteps: 0 },
};

let root = '';
let plan: AdapterPlan;
let trained: Tangents;
const sessions = new SessionCache(12, { threads: 1 });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tangents-'));
  const modelDir = await createTinyModel(join(root, 'model'));
  const input = { modelDir, outDir: join(root, 'out'), train: examples, evaluation: examples.slice(0, 1) };
  plan = await planAdapterTraining({ ...input, recipe, datasetRoot: '0xroot' });
  trained = await trainTangents(plan, groups, sessions);
}, 60_000);
afterAll(async () => {
  await sessions.release();
  await rm(root, { recursive: true });
});

const weightsOf = (group: number, weight: number): number[] =>
  examples.map((_, row) => (groups.of[row] === group ? weight : 1));

describe('contributor tangents', () => {
  it('start from the run itself, and predict where a retraining with a weight of 0.9 ends', async () => {
    const retrainer = new Retrainer(plan, sessions, () => false);
    expect(trained.theta).toEqual((await retrainer.train(weightsOf(0, 1))).slice());
    const before = await retrainer.logLikelihoods(trained.theta, plan.train.examples);
    const gradients = await gradientsOf(trained.theta);
    const [predicted, actual]: [number[], number[]] = [[], []];
    for (let group = 0; group < groups.count; group++) {
      const theta = (await retrainer.train(weightsOf(group, 0.9))).slice();
      const moved = theta.map((value, i) => value - trained.theta[i]!);
      const tangent = trained.tangents[group]!;
      expect(-cosine(moved, tangent)).toBeGreaterThan(0.98);
      const after = await retrainer.logLikelihoods(theta, plan.train.examples);
      for (const [row, gradient] of gradients.entries()) {
        predicted.push(-0.1 * tangentEffects(gradient, trained.tangents)[group]!);
        actual.push(after[row]! - before[row]!);
      }
    }
    expect(pearson(predicted, actual)).toBeGreaterThan(0.95);
  });

  it('are the derivative: the smaller the change of weight, the closer the retraining ends to it', async () => {
    const retrainer = new Retrainer(plan, sessions, () => false);
    const errors: number[] = [];
    for (const weight of [0.8, 0.9, 0.98]) {
      const theta = await retrainer.train(weightsOf(1, weight));
      const expected = trained.tangents[1]!.map((value) => (weight - 1) * value);
      const difference = theta.map((value, i) => value - trained.theta[i]! - expected[i]!);
      errors.push(norm(difference) / norm(expected));
    }
    // What a derivative leaves is of the change's own order.
    expect(errors[2]!).toBeLessThan(0.05);
    expect(errors[1]!).toBeLessThan(0.7 * errors[0]!);
    expect(errors[2]!).toBeLessThan(0.4 * errors[1]!);
  });

  it('are refused where there are none: too many groups, or a run that decays what no row is the cause of', async () => {
    await expect(trainTangents(plan, { ...groups, count: 65 }, sessions)).rejects.toThrow('at most 64');
    const decaying = { ...plan, recipe: { ...recipe, weightDecay: 0.1 } };
    await expect(trainTangents(decaying, groups, sessions)).rejects.toThrow('not attributable');
    const stopped = trainTangents(plan, groups, sessions, { isStopped: () => true });
    await expect(stopped).rejects.toMatchObject({ code: 'attribution_stopped' });
  });
});

/** Gradients of each row's log p by all of theta. */
async function gradientsOf(theta: Float32Array): Promise<Float32Array[]> {
  const engine = createStepEngine({ ...plan, sessions });
  const lengths = plan.train.examples.map(({ ids }) => ids.length);
  const found: Float32Array[] = [];
  for (const batch of plainBatches(lengths, 1, 96)) {
    const { gradients } = await engine.exampleGradients(theta, toMicroBatch(plan.train.examples, batch, 1, 1), 'A+B');
    found[batch.rows[0]!] = gradients.map((value) => -value);
  }
  return found;
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const centre = (values: readonly number[]): number[] => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  return cosine(centre(a), centre(b));
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum / (norm(a) * norm(b));
}

function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}
