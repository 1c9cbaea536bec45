import { type Shape, sizeOf } from '../graph/builder.ts';
import type { LlamaConfig } from './config.ts';

/** The seven linear layers of a block, by the names that PEFT's `target_modules` uses. */
export const linearModules = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;
export type LinearModule = (typeof linearModules)[number];

export type WeightSpec = { name: string; shape: Shape };

/** `model.layers.<layer>.self_attn.q_proj` and so on: the path of a linear layer without `.weight`. */
export function linearPath(layer: number, module: LinearModule): string {
  const isAttention = module === 'q_proj' || module === 'k_proj' || module === 'v_proj' || module === 'o_proj';
  return `model.layers.${layer}.${isAttention ? 'self_attn' : 'mlp'}.${module}`;
}

/** [out, in] of a linear layer. */
export function linearShape(config: LlamaConfig, module: LinearModule): [number, number] {
  const { hidden_size: hidden, intermediate_size: inner } = config;
  const queries = config.num_attention_heads * config.head_dim;
  const keyValue = config.num_key_value_heads * config.head_dim;
  if (module === 'q_proj') return [queries, hidden];
  if (module === 'k_proj' || module === 'v_proj') return [keyValue, hidden];
  if (module === 'o_proj') return [hidden, queries];
  if (module === 'gate_proj' || module === 'up_proj') return [inner, hidden];
  return [hidden, inner];
}

/** Whether a linear layer adds a bias [out], which its checkpoint then stores as `<path>.bias`. */
export function hasBias({ model_type, attention_bias, mlp_bias }: LlamaConfig, module: LinearModule): boolean {
  if (module === 'gate_proj' || module === 'up_proj' || module === 'down_proj') return mlp_bias;
  return attention_bias && (module !== 'o_proj' || model_type === 'llama');
}

/** Every tensor of the checkpoint, by its Hugging Face name: matrices first, then norm weights, then biases. */
export function weightSpecs(config: LlamaConfig): WeightSpec[] {
  const layers = Array.from({ length: config.num_hidden_layers }, (_, layer) => layer);
  const vocabulary: Shape = [config.vocab_size, config.hidden_size];
  const norm: Shape = [config.hidden_size];
  return [
    { name: 'model.embed_tokens.weight', shape: vocabulary },
    ...layers.flatMap((layer) =>
      linearModules.map((module) => ({
        name: `${linearPath(layer, module)}.weight`,
        shape: linearShape(config, module),
      })),
    ),
    ...(config.tie_word_embeddings ? [] : [{ name: 'lm_head.weight', shape: vocabulary }]),
    ...layers.flatMap((layer) => [
      { name: `model.layers.${layer}.input_layernorm.weight`, shape: norm },
      { name: `model.layers.${layer}.post_attention_layernorm.weight`, shape: norm },
    ]),
    { name: 'model.norm.weight', shape: norm },
    ...layers.flatMap((layer) =>
      linearModules
        .filter((module) => hasBias(config, module))
        .map((module) => ({ name: `${linearPath(layer, module)}.bias`, shape: [linearShape(config, module)[0]] })),
    ),
  ];
}

/** Number of parameters, tied matrices counted once: the length of a flat base. */
export function parameterCount(config: LlamaConfig): number {
  return weightSpecs(config).reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
}

/** Views of a flat base by name, in the order of `weightSpecs`; nothing is copied. */
export function weightViews(config: LlamaConfig, flat: Float32Array): Record<string, Float32Array> {
  let offset = 0;
  const views: Record<string, Float32Array> = {};
  for (const { name, shape } of weightSpecs(config)) {
    views[name] = flat.subarray(offset, offset + sizeOf(shape));
    offset += sizeOf(shape);
  }
  return views;
}
