import type { LlamaConfig } from '../../nn/config.ts';
import { rotaryFrequencies } from '../../nn/rope.ts';
import type { GgufValue } from './gguf-value.ts';

/** llama.cpp's architecture: Mistral is its `llama`, Qwen2 rotates as Hugging Face does. */
export function ggufArchitecture({ model_type }: LlamaConfig): 'llama' | 'qwen2' {
  return model_type === 'qwen2' ? 'qwen2' : 'llama';
}

/** Whether rows of q and k must be reordered for llama.cpp's kind of rotation. */
export function isRotaryPermuted(config: LlamaConfig): boolean {
  return ggufArchitecture(config) === 'llama';
}

/** The `llama.*` or `qwen2.*` keys: shape, norm epsilon, rotary base and linear scaling. */
export function architectureMetadata(config: LlamaConfig): [string, GgufValue][] {
  const u32 = (value: number): GgufValue => ({ type: 'u32', value });
  const f32 = (value: number): GgufValue => ({ type: 'f32', value });
  const { rope_scaling: scaling } = config;
  const keys: Record<string, GgufValue> = {
    block_count: u32(config.num_hidden_layers),
    context_length: u32(config.max_position_embeddings),
    embedding_length: u32(config.hidden_size),
    feed_forward_length: u32(config.intermediate_size),
    'attention.head_count': u32(config.num_attention_heads),
    'attention.head_count_kv': u32(config.num_key_value_heads),
    'attention.key_length': u32(config.head_dim),
    'attention.value_length': u32(config.head_dim),
    'attention.layer_norm_rms_epsilon': f32(config.rms_norm_eps),
    'rope.dimension_count': u32(config.head_dim),
    'rope.freq_base': f32(config.rope_theta),
    vocab_size: u32(config.vocab_size),
  };
  if (scaling?.rope_type === 'linear') {
    keys['rope.scaling.type'] = { type: 'string', value: 'linear' };
    keys['rope.scaling.factor'] = f32(scaling.factor);
  }
  const architecture = ggufArchitecture(config);
  return Object.entries(keys).map(([key, value]) => [`${architecture}.${key}`, value]);
}

/**
 * Divisors of the rotary frequencies, hd/2 numbers, for the tensor `rope_freqs.weight`; null where llama.cpp computes
 * the frequencies itself. Llama 3's scaling has no metadata keys, so its effect is stored.
 */
export function rotaryFactors(config: LlamaConfig): Float32Array | null {
  if (config.rope_scaling?.rope_type !== 'llama3') return null;
  const plain = rotaryFrequencies({ ...config, rope_scaling: null }, config.head_dim);
  const scaled = rotaryFrequencies(config, config.head_dim);
  return Float32Array.from(plain, (frequency, i) => frequency / scaled[i]!);
}
