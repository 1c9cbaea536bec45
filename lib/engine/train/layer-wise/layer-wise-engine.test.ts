import { afterAll, describe, expect, test } from 'vitest';
import { defaultLoraConfig, type LoraConfig } from '../../lora/config.ts';
import { adapterLayout } from '../../lora/layout.ts';
import { isInScope } from '../../lora/layout-part.ts';
import { tinyBatch, tinyConfig, tinyTheta } from '../../nn/test-support/tiny-llama.ts';
import { linearModules, weightViews } from '../../nn/weights.ts';
import { SessionCache } from '../../runtime/session-cache.ts';
import type { MicroBatch } from '../batches.ts';
import { DropoutMasks } from '../dropout-masks.ts';
import { MonolithicEngine } from '../monolithic-engine.ts';
import { createNormal, createRandom } from '../random.ts';
import { LayerWiseEngine } from './layer-wise-engine.ts';

const [batch, time] = [4, 8];
const size = batch * time;
const sessions = new SessionCache(40, { threads: 1 });
afterAll(() => sessions.release());

function setUp(lora: Partial<LoraConfig> = {}, config = { ...tinyConfig, num_hidden_layers: 3 }) {
  const layout = adapterLayout(config, { ...defaultLoraConfig, r: 3, ...lora });
  const normal = createNormal('adapter');
  const theta = Float32Array.from({ length: layout.length }, () => 0.2 * normal());
  const sha256 = JSON.stringify(config);
  const base = { config, weights: weightViews(config, tinyTheta(config, 'base')), sha256 };
  const whole = new MonolithicEngine({ base, layout, sessions });
  return { layout, theta, input: { base, layout, sessions }, whole };
}

const plain: MicroBatch = { batch, time, feeds: tinyBatch(tinyConfig, batch, time, 'batch') };
const packed: MicroBatch = {
  ...plain,
  feeds: { ...plain.feeds, segments: Int32Array.from({ length: size }, (_, i) => (i % time < 3 ? 1 : 2)) },
};
const keeping = { rows: 4, keepsProducts: true };

describe.each([
  ['results kept, all rows at once', keeping],
  ['results kept, row by row', { rows: 1, keepsProducts: true }],
  ['results computed again, two rows at a time', { rows: 2, keepsProducts: false }],
])('%s', (_name, plan) => {
  test.each([
    ['plain', plain],
    ['packed', packed],
  ])('%s rows: gradients and losses of the whole graph', async (_rows, micro) => {
    const { layout, theta, input, whole } = setUp();
    const engine = new LayerWiseEngine(input, () => plan);
    const [expected, found] = [new Float32Array(layout.length), new Float32Array(layout.length)];
    const loss = await whole.addGradient(theta, micro, expected);
    expect(await engine.addGradient(theta, micro, found)).toBeCloseTo(loss, 5);
    expectClose(found, expected);
    for (const parts of ['A+B', 'B'] as const) {
      const reference = await whole.exampleGradients(theta, micro, parts);
      const own = await engine.exampleGradients(theta, micro, parts);
      expectClose(own.gradients, reference.gradients);
      expectClose(own.losses, reference.losses);
    }
    if (!micro.feeds.segments) {
      const draws = () => ({ count: 3, random: createRandom('labels') });
      const reference = await whole.drawLabels(theta, micro, draws());
      // Row by row the numbers are used in another order.
      if (plan.rows === 4) expect(await engine.drawLabels(theta, micro, draws())).toEqual(reference);
      const all = await engine.drawLabels(theta, micro, draws());
      expect(all.map((labels) => labels.length)).toEqual([size, size, size]);
    }
    for (const adapter of [theta, null]) {
      const reference = (await whole.losses(adapter, micro)).slice();
      expectClose(await engine.losses(adapter, micro), reference);
    }
  });
});

test.each([
  [0, linearModules],
  [1, linearModules],
  [2, ['o_proj', 'gate_proj', 'down_proj']],
  [1, ['q_proj', 'up_proj']],
] as const)(
  'gradients of matrices from layer %i on, %j, of both engines, are those of the whole graph',
  async (firstLayer, modules) => {
    const { layout, theta, input, whole } = setUp();
    // Rows with loss at different places, and at different numbers of them.
    const lossWeights = Float32Array.from({ length: size }, (_, i) => (i % time > 2 + (i >> 3) ? 1 + (i % 3) : 0));
    const micro = { ...plain, feeds: { ...plain.feeds, lossWeights } };
    const all = await whole.exampleGradients(theta, micro, 'A+B');
    const scoped = layout.entries.filter((entry) => isInScope(entry, { firstLayer, modules }));
    const expected = Array.from({ length: batch }, (_, row) =>
      scoped.flatMap(({ offset, length }) => [
        ...all.gradients.subarray(row * layout.length + offset).subarray(0, length),
      ]),
    ).flat();
    const losses = all.losses.slice();
    for (const engine of [whole, new LayerWiseEngine(input, () => keeping)]) {
      const top = await engine.topGradients(theta, micro, { firstLayer, modules });
      expectClose(top.gradients, Float32Array.from(expected));
      expectClose(top.losses, losses);
    }
    // Other labels on the same forward pass: each labelling has the gradients that it has alone.
    const labellings = [1, 5, 7].map((shift) =>
      micro.feeds.labels.map((label) => (label + shift) % tinyConfig.vocab_size),
    );
    for (const plan of [keeping, { rows: 2, keepsProducts: false }]) {
      const alone = [];
      for (const labels of labellings) {
        const own = { ...micro, feeds: { ...micro.feeds, labels } };
        alone.push((await whole.topGradients(theta, own, { firstLayer, modules })).gradients.slice());
      }
      for (const engine of [whole, new LayerWiseEngine(input, () => plan)]) {
        const found = await engine.labelledGradients(theta, micro, labellings, { scope: { firstLayer, modules } });
        for (const [i, gradients] of alone.entries()) expectClose(found[i]!, gradients);
      }
    }
  },
);

test('dropout masks and untied heads, and a sum that goes on', async () => {
  const config = { ...tinyConfig, num_hidden_layers: 3, tie_word_embeddings: false };
  const { layout, theta, input, whole } = setUp({ loraDropout: 0.3, targetModules: ['q_proj', 'down_proj'] }, config);
  const masks = new DropoutMasks(layout, 1).draw({ step: 1, microBatch: 0 }, size);
  const micro = { ...plain, masks };
  const [expected, found] = [new Float32Array(layout.length).fill(1), new Float32Array(layout.length).fill(1)];
  const without = new Float32Array(layout.length).fill(1);
  await whole.addGradient(theta, micro, expected);
  await whole.addGradient(theta, plain, without);
  expect(Math.max(...expected.map((value, i) => Math.abs(value - without[i]!)))).toBeGreaterThan(1e-3);
  for (const plan of [keeping, { rows: 2, keepsProducts: false }]) {
    found.fill(1);
    await new LayerWiseEngine(input, () => plan).addGradient(theta, micro, found);
    expectClose(found, expected);
  }
});

test('biases, and heads wider than hidden / heads', async () => {
  const config = { ...tinyConfig, num_hidden_layers: 3, attention_bias: true, mlp_bias: true, head_dim: 6 };
  const { layout, theta, input, whole } = setUp({}, config);
  const [expected, found] = [new Float32Array(layout.length), new Float32Array(layout.length)];
  const loss = await whole.addGradient(theta, plain, expected);
  expect(await new LayerWiseEngine(input, () => keeping).addGradient(theta, plain, found)).toBeCloseTo(loss, 5);
  expectClose(found, expected);
});

test('a second run gives the same bits; results computed again make no difference', async () => {
  const { layout, theta, input } = setUp();
  const gradientOf = async (keepsProducts: boolean) => {
    const sum = new Float32Array(layout.length);
    await new LayerWiseEngine(input, () => ({ rows: 2, keepsProducts })).addGradient(theta, plain, sum);
    return sum;
  };
  const kept = await gradientOf(true);
  expect(await gradientOf(true)).toEqual(kept);
  expectClose(await gradientOf(false), kept);
});

/**
 * Difference relative to the largest element: both sides round in float32, in another order. A token that sees itself
 * alone has an attention gradient of 0, of which rounding leaves a little, so packed rows need the most room.
 */
function expectClose(found: Float32Array, expected: Float32Array): void {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  expect(scale).toBeGreaterThan(0);
  expect(Math.max(...expected.map((value, i) => Math.abs(value - found[i]!))) / scale).toBeLessThan(5e-5);
}
