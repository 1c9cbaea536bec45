import { expect, test } from 'vitest';
import { parseLlamaConfig } from '../nn/config.ts';
import { estimateMemory } from './estimate-memory.ts';
import { recipePresets } from './recipe.ts';

const shared = { model_type: 'llama', rms_norm_eps: 1e-5, rope_theta: 10_000, tie_word_embeddings: true };
const nano = parseLlamaConfig({
  ...shared,
  ...{ hidden_size: 160, num_hidden_layers: 5, num_attention_heads: 4, num_key_value_heads: 2 },
  ...{ intermediate_size: 432, vocab_size: 4096, max_position_embeddings: 256 },
});
const smol = parseLlamaConfig({
  ...shared,
  ...{ hidden_size: 576, num_hidden_layers: 30, num_attention_heads: 9, num_key_value_heads: 3 },
  ...{ intermediate_size: 1536, vocab_size: 49_152, max_position_embeddings: 2048 },
});
const { quick } = recipePresets;

test.each([
  [8, 256, 0, 671],
  [16, 64, 0, 400],
  [1, 64, 0, 187],
  [8, 256, 0.1, 840],
])(
  'batches of %d x %d tokens with dropout %d: within a tenth of the %d MB that were measured',
  (batchSize, time, loraDropout, megabytes) => {
    const recipe = { ...quick, batchSize, lora: { ...quick.lora, loraDropout } };
    expect(estimateMemory(nano, recipe, time) / 2 ** 20 / megabytes).toBeGreaterThan(0.9);
    expect(estimateMemory(nano, recipe, time) / 2 ** 20 / megabytes).toBeLessThan(1.1);
  },
);

test('a 135 M model, computed layer by layer, needs its weights, more for more rows together, and no more beyond', () => {
  const of = (batchSize: number, time: number) => estimateMemory(smol, { ...quick, batchSize }, time);
  expect(of(1, 256)).toBeGreaterThan(4 * 134e6);
  expect(of(4, 256)).toBeGreaterThan(of(1, 256));
  expect(of(64, 256)).toBe(of(8, 256));
  expect(of(64, 256)).toBeLessThan(2.5e9);
});
