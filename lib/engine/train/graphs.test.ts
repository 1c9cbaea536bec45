import { describe, expect, test } from 'vitest';
import type { BuiltGraph } from '../graph/builder.ts';
import { defaultLoraConfig } from '../lora/config.ts';
import { adapterLayout, unpackAdapter } from '../lora/layout.ts';
import { type ReferenceDelta, referenceLogits, referenceLoss } from '../nn/test-support/reference-llama.ts';
import { tinyBatch, tinyConfig, tinyTheta } from '../nn/test-support/tiny-llama.ts';
import { weightViews } from '../nn/weights.ts';
import { adamCorrections } from '../optim/adamw.ts';
import { OrtSession } from '../runtime/ort-session.ts';
import { fullTrainingGraph, lengthOfB, loraGradientGraph, lossGraph, perExampleGradientGraph } from './graphs.ts';
import { createNormal } from './random.ts';

const shape = { batch: 3, time: 7 };
const batch = tinyBatch(tinyConfig, shape.batch, shape.time, 'batch');
const base = tinyTheta(tinyConfig, 'base');
const weights = weightViews(tinyConfig, base);
const layout = adapterLayout(tinyConfig, { ...defaultLoraConfig, r: 3, loraAlpha: 6 });
const normal = createNormal('adapter');
const adapter = Float32Array.from({ length: layout.length }, () => normal() * 0.3);

// With m = v = 0, beta1 = 0 and no clipping the graph's next m is the gradient itself.
const exposeGradient = {
  beta1: 0,
  beta2: 0.9,
  epsilonPlace: 'root',
  epsilon: 1e-6,
  weightDecay: 0,
  maxGradNorm: 0,
} as const;

describe('forward pass', () => {
  test('agrees with the float64 reference, without and with an adapter', async () => {
    const deltas: ReferenceDelta = (path) => {
      const tensors = unpackAdapter(layout, adapter);
      const a = tensors[`base_model.model.${path}.lora_A.weight`]!.data;
      return { a, b: tensors[`base_model.model.${path}.lora_B.weight`]!.data, rank: 3, scale: 2 };
    };
    const plain = await run(lossGraph(tinyConfig, null, shape), { ...weights, ...batch });
    const adapted = await run(lossGraph(tinyConfig, layout, shape), { ...weights, ...batch, theta: adapter });
    expectClose(plain.losses!, referenceLosses(), 1e-6);
    expectClose(adapted.losses!, referenceLosses(deltas), 1e-6);
    expect(Math.abs(sum(plain.losses!) - sum(adapted.losses!))).toBeGreaterThan(1e-2);
  });

  test('untied embeddings use lm_head', async () => {
    const config = { ...tinyConfig, tie_word_embeddings: false };
    const views = weightViews(config, tinyTheta(config, 'untied'));
    const { losses } = await run(lossGraph(config, null, shape), { ...views, ...batch });
    expectClose(
      losses!,
      referenceLosses(() => null, config, views),
      1e-6,
    );
  });
});

describe('gradients agree with central finite differences of the float64 reference', () => {
  test('full training, every kind of weight', async () => {
    const graph = fullTrainingGraph(tinyConfig, shape, exposeGradient);
    const gradient = (await run(graph, { ...stateFeeds(base), ...batch })).nextM!;
    const loss = (theta: Float32Array) => sum(referenceLosses(() => null, tinyConfig, weightViews(tinyConfig, theta)));
    expectGradient(gradient, base, loss, 150);
  });

  test('LoRA training', async () => {
    const graph = loraGradientGraph(tinyConfig, layout, shape);
    const gradient = (await run(graph, { theta: adapter, ...weights, ...batch })).gradient!;
    expectGradient(gradient, adapter, (theta) => sum(referenceLosses(deltasOf(theta))), 150);
  });

  test('per-example LoRA gradients, each row by its own example', async () => {
    const graph = perExampleGradientGraph(tinyConfig, layout, shape);
    const { gradients } = await run(graph, { theta: adapter, ...weights, ...batch });
    for (let row = 0; row < shape.batch; row++) {
      const own = gradients!.subarray(row * layout.length, (row + 1) * layout.length);
      const loss = (theta: Float32Array) =>
        sum(referenceLosses(deltasOf(theta)).slice(row * shape.time, (row + 1) * shape.time));
      expectGradient(own, adapter, loss, 60);
    }
  });
});

test('the B parts of the per-example gradients are the B entries of the whole ones', async () => {
  const feeds = { theta: adapter, ...weights, ...batch };
  const { gradients: all } = await run(perExampleGradientGraph(tinyConfig, layout, shape), feeds);
  const { gradients: onlyB } = await run(perExampleGradientGraph(tinyConfig, layout, shape, 'B'), feeds);
  const expected = [0, 1, 2].flatMap((row) =>
    layout.entries
      .filter((entry) => entry.part === 'B')
      .flatMap(({ offset, length }) => [...all!.subarray(row * layout.length + offset).subarray(0, length)]),
  );
  expect(onlyB!.length).toBe(shape.batch * lengthOfB(layout));
  expectClose(onlyB!, expected, 1e-7);
});

async function run(graph: BuiltGraph, feeds: Parameters<OrtSession['run']>[0]): Promise<Record<string, Float32Array>> {
  const session = await OrtSession.create(graph, { threads: 1 });
  const outputs = await session.run(feeds);
  await session.release();
  return outputs as Record<string, Float32Array>;
}

function stateFeeds(theta: Float32Array) {
  const zero = new Float32Array(theta.length);
  return { theta, m: zero, v: zero, learningRate: Float32Array.of(0), ...adamCorrections(exposeGradient, 1) };
}

function deltasOf(theta: Float32Array): ReferenceDelta {
  const tensors = unpackAdapter(layout, theta);
  return (path) => ({
    a: tensors[`base_model.model.${path}.lora_A.weight`]!.data,
    b: tensors[`base_model.model.${path}.lora_B.weight`]!.data,
    rank: 3,
    scale: 2,
  });
}

function referenceLosses(deltas: ReferenceDelta = () => null, config = tinyConfig, views = weights): number[] {
  return Array.from({ length: shape.batch }, (_, row) => {
    const ids = batch.ids.subarray(row * shape.time, (row + 1) * shape.time);
    return referenceLogits(config, views, ids, deltas).map((logits, t) => {
      const at = row * shape.time + t;
      return referenceLoss(logits, batch.labels[at]!) * batch.lossWeights[at]!;
    });
  }).flat();
}

/** The differences are taken in float64, so the tolerance is float32's rounding in the graph, not the step's error. */
function expectGradient(
  gradient: Float32Array,
  theta: Float32Array,
  loss: (theta: Float32Array) => number,
  coordinates: number,
): void {
  const [found, expected]: [number[], number[]] = [[], []];
  for (let i = 0; i < coordinates; i++) {
    const at = Math.floor((i * theta.length) / coordinates);
    const [up, down] = [Float32Array.from(theta), Float32Array.from(theta)];
    up[at]! += 1e-3;
    down[at]! -= 1e-3;
    found.push(gradient[at]!);
    expected.push((loss(up) - loss(down)) / (up[at]! - down[at]!));
  }
  const norms = Math.sqrt(dot(found, found) * dot(expected, expected));
  expect(norms).toBeGreaterThan(0);
  expect(dot(found, expected) / norms).toBeGreaterThan(0.99999);
  expectClose(found, expected, 1e-4);
}

/** Difference relative to the largest element. */
function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs));
  const worst = Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i]!)));
  expect(worst / scale).toBeLessThan(tolerance);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * b[i]!, 0);
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((total, value) => total + value, 0);
}
