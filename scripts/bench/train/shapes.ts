import { sizeOf } from '#lib/engine/graph/builder.ts';
import { type LlamaConfig, parseLlamaConfig } from '#lib/engine/nn/config.ts';
import { weightSpecs } from '#lib/engine/nn/weights.ts';
import type { MicroBatch } from '#lib/engine/train/batches.ts';
import { smolLmShape } from '../smol-lm-shape.ts';

/** 3.44 M parameters: what a machine without an accelerator can train from scratch. */
export const smallConfig: LlamaConfig = parseLlamaConfig({
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  rms_norm_eps: 1e-5,
  tie_word_embeddings: true,
  hidden_size: 192,
  num_hidden_layers: 6,
  num_attention_heads: 6,
  num_key_value_heads: 6,
  intermediate_size: 512,
  vocab_size: 4096,
  max_position_embeddings: 256,
});

/** 134.5 M parameters: the shape of SmolLM2-135M. */
export const largeConfig: LlamaConfig = parseLlamaConfig({ ...smolLmShape, max_position_embeddings: 2048 });

/** Seeded weights of a trained model's order of magnitude; the speed of the products does not depend on them. */
export function randomWeights(config: LlamaConfig): Record<string, Float32Array> {
  const entries = weightSpecs(config).map(({ name, shape }, i) => [
    name,
    randomArray(sizeOf(shape), i + 1, shape.length === 1 ? 1 : 0.05),
  ]);
  return Object.fromEntries(entries);
}

/** Uniform in +-scale, by a linear congruential generator: 135 M cryptographic numbers would take longer than the bench. */
export function randomArray(length: number, seed: number, scale: number): Float32Array {
  const array = new Float32Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    array[i] = (state / 2 ** 31) * scale;
  }
  return array;
}

/** Rows without padding, every position with loss: each token counted is a token trained on. */
export function fullBatch({ vocab_size: vocabulary }: LlamaConfig, batch: number, time: number): MicroBatch {
  const size = batch * time;
  const feeds = {
    ids: Int32Array.from({ length: size }, (_, i) => (i * 7919) % vocabulary),
    labels: Int32Array.from({ length: size }, (_, i) => (i * 104729) % vocabulary),
    lossWeights: new Float32Array(size).fill(1 / size),
  };
  return { batch, time, feeds };
}
