import { describe, expect, it, test } from 'vitest';
import { type ModelConfigError, parseLlamaConfig, readLlamaConfig } from './config.ts';
import { parameterCount, weightSpecs } from './weights.ts';

const smolLm = {
  architectures: ['LlamaForCausalLM'],
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
  hidden_act: 'silu',
  eos_token_id: [2, 0],
};

const qwen = {
  ...smolLm,
  architectures: ['Qwen2ForCausalLM'],
  model_type: 'qwen2',
  hidden_size: 896,
  num_hidden_layers: 24,
  num_attention_heads: 14,
  num_key_value_heads: 2,
  intermediate_size: 4864,
  vocab_size: 151936,
  rope_theta: 1000000,
  max_position_embeddings: 32768,
  sliding_window: 32768,
  use_sliding_window: false,
  max_window_layers: 21,
};

const mistral = {
  ...smolLm,
  architectures: ['MistralForCausalLM'],
  model_type: 'mistral',
  hidden_size: 4096,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  intermediate_size: 14336,
  vocab_size: 32000,
  tie_word_embeddings: false,
  max_position_embeddings: 32768,
  sliding_window: 4096,
};

const llama3 = {
  rope_type: 'llama3',
  factor: 32,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
};

describe('published checkpoints have their published sizes', () => {
  it.each([
    ['SmolLM2-135M', smolLm, 134_515_008],
    ['Qwen2.5-0.5B', qwen, 494_032_768],
    ['Mistral-7B-v0.1', mistral, 7_241_732_096],
  ])('%s', (_name, json, parameters) => expect(parameterCount(parseLlamaConfig(json))).toBe(parameters));

  it('Llama-3.2-1B, with scaled rotary frequencies in the old and in the new place', () => {
    const json = { ...smolLm, hidden_size: 2048, num_hidden_layers: 16, num_attention_heads: 32, head_dim: 64 };
    const wide = { ...json, num_key_value_heads: 8, intermediate_size: 8192, vocab_size: 128256 };
    const old = parseLlamaConfig({ ...wide, rope_theta: 500000, rope_scaling: llama3 });
    expect(parameterCount(old)).toBe(1_235_814_400);
    expect(old.rope_scaling).toEqual(llama3);
    const { rope_theta: _theta, ...rest } = wide;
    expect(parseLlamaConfig({ ...rest, rope_parameters: { ...llama3, rope_theta: 500000 } })).toEqual(old);
  });
});

test('biases: Qwen2 on q, k and v; Llama by attention_bias on o too and by mlp_bias; Mistral none', () => {
  const biased = (json: object): string[] =>
    weightSpecs(parseLlamaConfig({ ...json, num_hidden_layers: 1 }))
      .filter(({ name }) => name.endsWith('.bias'))
      .map(({ name, shape }) => `${name.split('.').at(-2)} ${shape}`);
  expect(biased(qwen)).toEqual(['q_proj 896', 'k_proj 128', 'v_proj 128']);
  expect(biased(mistral)).toEqual([]);
  expect(biased(smolLm)).toEqual([]);
  expect(biased({ ...smolLm, attention_bias: true })).toEqual(['q_proj 576', 'k_proj 192', 'v_proj 192', 'o_proj 576']);
  expect(biased({ ...smolLm, mlp_bias: true })).toEqual(['gate_proj 1536', 'up_proj 1536', 'down_proj 576']);
});

test('head_dim may differ from hidden_size / heads', () => {
  const config = parseLlamaConfig({ ...mistral, hidden_size: 5120, head_dim: 128 });
  expect(weightSpecs(config)).toContainEqual({ name: 'model.layers.0.self_attn.q_proj.weight', shape: [4096, 5120] });
  expect(weightSpecs(config)).toContainEqual({ name: 'model.layers.0.self_attn.o_proj.weight', shape: [5120, 4096] });
});

test('a sliding window bounds the context, where it is in use', () => {
  const context = (json: object): number => parseLlamaConfig(json).max_position_embeddings;
  expect(context(mistral)).toBe(4096);
  expect(context({ ...mistral, sliding_window: null })).toBe(32768);
  expect(context({ ...mistral, sliding_window: undefined })).toBe(4096);
  expect(context({ ...qwen, sliding_window: 1024 })).toBe(32768);
  expect(context({ ...qwen, sliding_window: 1024, use_sliding_window: true })).toBe(1024);
  const layer_types = ['full_attention', 'sliding_attention'];
  expect(context({ ...qwen, sliding_window: 1024, layer_types })).toBe(1024);
});

test.each([
  [
    { architectures: ['MixtralForCausalLM'], model_type: 'mixtral', num_local_experts: 8 },
    /^config.json: MixtralForCausalLM is not supported: it is a mixture of 8 experts/,
  ],
  [
    { architectures: ['GemmaForCausalLM'], model_type: 'gemma' },
    'GemmaForCausalLM is not supported: the engine runs Llama',
  ],
  [{ architectures: ['LlamaForSequenceClassification'] }, 'LlamaForSequenceClassification is not supported'],
  [{ model_type: 'qwen2' }, 'LlamaForCausalLM with model_type "qwen2" is not supported'],
  [{ architectures: undefined, model_type: 'gpt2' }, 'model_type "gpt2" is not supported'],
  [{ quantization_config: { quant_method: 'gptq', bits: 4 } }, 'quantised weights (gptq) are not supported'],
  [{ hidden_act: 'gelu' }, 'the activation "gelu" is not supported'],
  [{ hidden_size: 0 }, 'hidden_size is 0, not a positive integer'],
  [{ vocab_size: '4096' }, 'vocab_size is "4096"'],
  [{ num_attention_heads: 7 }, 'hidden_size 576 is no multiple of 7 heads'],
  [{ head_dim: 63 }, 'head_dim 63 is odd'],
  [{ num_key_value_heads: 2 }, '9 heads cannot share 2'],
  [{ rope_scaling: { type: 'yarn', factor: 4 } }, 'the rope_type "yarn" is not supported'],
  [{ rope_scaling: { rope_type: 'dynamic', factor: 2 } }, 'the rope_type "dynamic" is not supported'],
  [{ rope_scaling: { rope_type: 'longrope' } }, 'the rope_type "longrope" is not supported'],
  [{ rope_scaling: { ...llama3, high_freq_factor: 1 } }, 'low_freq_factor of rope_scaling is not below'],
  [{ rope_scaling: { rope_type: 'linear' } }, 'the factor of rope_scaling is undefined'],
  [{ rope_parameters: { full_attention: { rope_theta: 1 } } }, 'that differ between layers'],
  [{ rope_theta: -1 }, 'rope_theta is -1'],
  [{ partial_rotary_factor: 0.5 }, 'partial_rotary_factor 0.5 is not supported'],
  [{ layer_types: ['linear_attention'] }, 'the layer type "linear_attention" is not supported'],
])('%o is refused', (change, message) => {
  expect(() => parseLlamaConfig({ ...smolLm, ...change })).toThrow(message);
});

test('all that is wrong is named at once', () => {
  const json = { ...smolLm, vocab_size: null, hidden_act: 'relu', rope_scaling: { type: 'yarn' } };
  const error = catchError(() => parseLlamaConfig(json));
  expect((error as ModelConfigError).problems).toHaveLength(3);
});

test('a folder without config.json is refused', async () => {
  await expect(readLlamaConfig('/nowhere')).rejects.toMatchObject({ code: 'model_config_invalid' });
});

function catchError(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
