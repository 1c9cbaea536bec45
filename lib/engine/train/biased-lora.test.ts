import { afterAll, expect, test } from 'vitest';
import { defaultLoraConfig } from '../lora/config.ts';
import { adapterLayout, unpackAdapter } from '../lora/layout.ts';
import { type ReferenceDelta, referenceLogits, referenceLoss } from '../nn/test-support/reference-llama.ts';
import { tinyBatch, tinyConfig, tinyTheta } from '../nn/test-support/tiny-llama.ts';
import { weightViews } from '../nn/weights.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { MonolithicEngine } from './monolithic-engine.ts';
import { createNormal } from './random.ts';

const sessions = new SessionCache(8, { threads: 1 });
afterAll(() => sessions.release());

const [batch, time] = [2, 6];
const config = { ...tinyConfig, attention_bias: true, mlp_bias: true, head_dim: 6, tie_word_embeddings: false };
const layout = adapterLayout(config, { ...defaultLoraConfig, r: 2, loraAlpha: 6 });
const weights = weightViews(config, tinyTheta(config, 'biased'));
const feeds = tinyBatch(config, batch, time, 'biased');

test('LoRA on layers with biases and wide heads: losses and gradient agree with the float64 reference', async () => {
  const normal = createNormal('biased adapter');
  const theta = Float32Array.from({ length: layout.length }, () => 0.3 * normal());
  const engine = new MonolithicEngine({ base: { config, weights, sha256: 'biased' }, layout, sessions });
  const losses = await engine.losses(theta, { batch, time, feeds });
  const expected = referenceLosses(theta);
  for (const [i, loss] of expected.entries()) expect(losses[i]).toBeCloseTo(loss, 6);
  const gradient = new Float32Array(layout.length);
  await engine.addGradient(theta, { batch, time, feeds }, gradient);
  for (let i = 0; i < 60; i++) {
    const at = Math.floor((i * layout.length) / 60);
    const [up, down] = [Float32Array.from(theta), Float32Array.from(theta)];
    up[at]! += 1e-3;
    down[at]! -= 1e-3;
    const slope = (sum(referenceLosses(up)) - sum(referenceLosses(down))) / (up[at]! - down[at]!);
    expect.soft(gradient[at], layout.entries.findLast(({ offset }) => offset <= at)?.key).toBeCloseTo(slope, 5);
  }
});

function referenceLosses(theta: Float32Array): number[] {
  const tensors = unpackAdapter(layout, theta);
  const delta: ReferenceDelta = (path) => ({
    a: tensors[`base_model.model.${path}.lora_A.weight`]!.data,
    b: tensors[`base_model.model.${path}.lora_B.weight`]!.data,
    rank: 2,
    scale: 3,
  });
  return [0, 1].flatMap((row) =>
    referenceLogits(config, weights, feeds.ids.subarray(row * time, (row + 1) * time), delta).map((logits, t) => {
      const at = row * time + t;
      return referenceLoss(logits, feeds.labels[at]!) * feeds.lossWeights[at]!;
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
