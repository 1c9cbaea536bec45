import { describe, expect, it } from 'vitest';
import { gradient } from '../autodiff/gradient.ts';
import { Graph, type Value } from '../graph/builder.ts';
import { mul, sumAll } from '../graph/ops.ts';
import { OrtSession } from '../runtime/ort-session.ts';
import { type LlamaConfig, parseLlamaConfig } from './config.ts';
import { headLosses, llamaStates } from './llama.ts';
import { referenceLogits, referenceLoss } from './test-support/reference-llama.ts';
import { tinyBatch, tinyTheta } from './test-support/tiny-llama.ts';
import { weightSpecs, weightViews } from './weights.ts';

const tiny = {
  model_type: 'llama',
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 24,
  vocab_size: 29,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  max_position_embeddings: 16,
};

const configs: Record<string, LlamaConfig> = {
  'Qwen2, biases on q, k and v, tied': parseLlamaConfig({ ...tiny, model_type: 'qwen2', tie_word_embeddings: true }),
  'Mistral, heads wider than hidden / heads, untied': parseLlamaConfig({ ...tiny, model_type: 'mistral', head_dim: 6 }),
  'Llama 3, smoothed rotary frequencies': parseLlamaConfig({
    ...tiny,
    head_dim: 8,
    rope_theta: 50,
    rope_scaling: {
      rope_type: 'llama3',
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 32,
    },
  }),
  'Llama with every bias and linear scaling': parseLlamaConfig({
    ...tiny,
    attention_bias: true,
    mlp_bias: true,
    rope_scaling: { type: 'linear', factor: 3 },
  }),
};

const shape = { batch: 2, time: 7 };

describe.each(Object.entries(configs))('%s', (name, config) => {
  const batch = tinyBatch(config, shape.batch, shape.time, name);
  const theta = tinyTheta(config, name);
  const referenceLosses = (flat: Float32Array): number[] =>
    [0, 1].flatMap((row) => {
      const ids = batch.ids.subarray(row * shape.time, (row + 1) * shape.time);
      return referenceLogits(config, weightViews(config, flat), ids).map((logits, t) => {
        const at = row * shape.time + t;
        return referenceLoss(logits, batch.labels[at]!) * batch.lossWeights[at]!;
      });
    });

  it('agrees with the float64 reference, in its losses and in the gradient of each kind of weight', async () => {
    const { losses, gradients } = await lossesAndGradients(config, theta, batch);
    expect(relativeError(losses, referenceLosses(theta))).toBeLessThan(1e-6);
    for (const at of sampledCoordinates(config)) {
      const { name: tensor, index, offset } = at;
      const [up, down] = [Float32Array.from(theta), Float32Array.from(theta)];
      up[offset + index]! += 1e-3;
      down[offset + index]! -= 1e-3;
      const step = up[offset + index]! - down[offset + index]!;
      const expected = (sum(referenceLosses(up)) - sum(referenceLosses(down))) / step;
      expect.soft(gradients[tensor]![index], `${tensor}[${index}]`).toBeCloseTo(expected, 5);
    }
  });
});

/** Two coordinates of every tensor of the first and of the last layer, and of those outside the layers. */
function sampledCoordinates(config: LlamaConfig): { name: string; index: number; offset: number }[] {
  let offset = 0;
  return weightSpecs(config).flatMap(({ name, shape: dims }) => {
    const size = dims.reduce((product, dim) => product * dim, 1);
    const found = [0.31, 0.87].map((part) => ({ name, index: Math.floor(part * size), offset }));
    offset += size;
    return found;
  });
}

async function lossesAndGradients(config: LlamaConfig, theta: Float32Array, batch: ReturnType<typeof tinyBatch>) {
  const graph = new Graph('architecture');
  const rows = shape.batch * shape.time;
  const weights = new Map<string, Value>();
  for (const { name, shape: dims } of weightSpecs(config)) weights.set(name, graph.input(name, 'f32', dims, true));
  const ids = graph.input('ids', 'i32', [rows]);
  const labels = graph.input('labels', 'i32', [rows]);
  const parts = { config, weight: (name: string) => weights.get(name)! };
  const losses = mul(
    headLosses(parts, llamaStates(parts, ids, shape), labels),
    graph.input('lossWeights', 'f32', [rows]),
  );
  const directions = gradient(sumAll(losses), [...weights.values()]);
  graph.output('losses', losses);
  for (const [i, name] of [...weights.keys()].entries()) graph.output(`d ${name}`, directions[i]!);
  const session = await OrtSession.create(graph.build(), { threads: 1 });
  const outputs = (await session.run({ ...weightViews(config, theta), ...batch })) as Record<string, Float32Array>;
  await session.release();
  const gradients = Object.fromEntries([...weights.keys()].map((name) => [name, outputs[`d ${name}`]!]));
  return { losses: outputs.losses!, gradients };
}

function relativeError(found: ArrayLike<number>, expected: readonly number[]): number {
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((value, i) => Math.abs(value - found[i]!))) / scale;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
