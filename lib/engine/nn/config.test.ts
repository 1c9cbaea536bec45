import { expect, test } from 'vitest';
import { parseLlamaConfig, readLlamaConfig } from './config.ts';
import { parameterCount, weightSpecs } from './weights.ts';

const json = {
  model_type: 'llama',
  hidden_size: 576,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  intermediate_size: 1536,
  vocab_size: 49152,
  rms_norm_eps: 1e-5,
  rope_theta: 100000,
  tie_word_embeddings: true,
  max_position_embeddings: 8192,
  eos_token_id: [2, 0],
};

test('SmolLM2-135M has its published size', () => {
  const config = parseLlamaConfig(json);
  expect(parameterCount(config)).toBe(134_515_008);
  expect(config.eos_token_id).toBe(2);
  expect(weightSpecs(config)).toContainEqual({ name: 'model.layers.29.self_attn.k_proj.weight', shape: [192, 576] });
});

test.each([
  [{ model_type: 'gpt2' }, 'model_type is "gpt2"'],
  [{ hidden_size: 0 }, 'hidden_size is 0'],
  [{ vocab_size: '4096' }, 'vocab_size is "4096"'],
  [{ num_attention_heads: 7 }, 'no even multiple of 7 heads'],
  [{ num_key_value_heads: 2 }, '9 heads cannot share 2'],
  [{ rope_scaling: { type: 'linear', factor: 2 } }, 'rope_scaling'],
  [{ attention_bias: true }, 'biases'],
])('%o is refused', (change, message) => {
  expect(() => parseLlamaConfig({ ...json, ...change })).toThrow(message);
});

test('a folder without config.json is refused', async () => {
  await expect(readLlamaConfig('/nowhere')).rejects.toMatchObject({ code: 'model_config_invalid' });
});
