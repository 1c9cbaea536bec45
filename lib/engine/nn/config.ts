import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRope, type RopeScaling } from './rope.ts';

/**
 * The fields of a Hugging Face `config.json` that decide the computation, by their names there and with defaults filled
 * in. Mistral and Qwen2 are Llama with other biases and a window, so all three are one configuration.
 */
export type LlamaConfig = {
  model_type: ModelType;
  hidden_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  num_key_value_heads: number;
  /** Width of one head; not always hidden_size / num_attention_heads. */
  head_dim: number;
  intermediate_size: number;
  vocab_size: number;
  rms_norm_eps: number;
  rope_theta: number;
  rope_scaling: RopeScaling | null;
  /** Biases on the projections of queries, keys and values, and with model_type llama on the output's too. */
  attention_bias: boolean;
  mlp_bias: boolean;
  tie_word_embeddings: boolean;
  /**
   * Longest context. Where the model attends through a sliding window, the window: up to it, sliding and full attention
   * are the same, and the engine computes full attention.
   */
  max_position_embeddings: number;
  bos_token_id: number | null;
  eos_token_id: number | number[] | null;
};

export type ModelType = keyof typeof architectures;

/** The architecture of each supported model_type. */
export const architectures = {
  llama: 'LlamaForCausalLM',
  mistral: 'MistralForCausalLM',
  qwen2: 'Qwen2ForCausalLM',
} as const;

/** The model folder holds a configuration that the engine cannot run; `problems` has one sentence for each reason. */
export class ModelConfigError extends Error {
  readonly code = 'model_config_invalid';
  override readonly name = 'ModelConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join(' '), options);
    this.problems = problems;
  }
}

type Fields = Record<string, unknown>;

/** Reads `<modelDir>/config.json`. @throws ModelConfigError if it is no configuration that the engine supports */
export async function readLlamaConfig(modelDir: string): Promise<LlamaConfig> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(join(/*turbopackIgnore: true*/ modelDir, 'config.json'), 'utf8'));
  } catch (cause) {
    throw new ModelConfigError(['The model folder has no readable config.json.'], { cause });
  }
  return parseLlamaConfig(json);
}

/** Checks and completes a parsed `config.json`. @throws ModelConfigError naming every field at fault */
export function parseLlamaConfig(json: unknown): LlamaConfig {
  const fields = (typeof json === 'object' && json !== null ? json : {}) as Fields;
  const model_type = modelTypeOf(fields);
  const problems: string[] = [];
  checkFeatures(fields, problems);
  const size = (name: string): number => positive(fields, name, problems);
  const [hidden_size, heads] = [size('hidden_size'), size('num_attention_heads')];
  const config: LlamaConfig = {
    model_type,
    hidden_size,
    num_hidden_layers: size('num_hidden_layers'),
    num_attention_heads: heads,
    // Mistral and Qwen2 have other defaults than Llama's for files that leave this out; nobody should have to guess.
    num_key_value_heads:
      (fields.num_key_value_heads ?? null) === null && model_type === 'llama' ? heads : size('num_key_value_heads'),
    head_dim: (fields.head_dim ?? null) === null ? hidden_size / heads : size('head_dim'),
    intermediate_size: size('intermediate_size'),
    vocab_size: size('vocab_size'),
    rms_norm_eps: positive(fields, 'rms_norm_eps', problems, false),
    ...parseRope(fields, problems),
    attention_bias: model_type === 'qwen2' || (model_type === 'llama' && fields.attention_bias === true),
    mlp_bias: model_type === 'llama' && fields.mlp_bias === true,
    tie_word_embeddings: fields.tie_word_embeddings === true,
    max_position_embeddings: Math.min(size('max_position_embeddings'), slidingWindow(fields, model_type, problems)),
    bos_token_id: typeof fields.bos_token_id === 'number' ? fields.bos_token_id : null,
    eos_token_id: eosOf(fields.eos_token_id),
  };
  if (problems.length === 0) checkHeads(config, problems);
  if (problems.length > 0) throw new ModelConfigError(problems.map((problem) => `config.json: ${problem}.`));
  return config;
}

/** @throws ModelConfigError alone: the other fields of an unknown architecture mean nothing to us */
function modelTypeOf({ architectures: named, model_type: type, ...fields }: Fields): ModelType {
  const supported = `the engine runs ${Object.values(architectures).join(', ')}`;
  const architecture: unknown = Array.isArray(named) ? named[0] : undefined;
  const known = (Object.keys(architectures) as ModelType[]).find((name) => name === type);
  if (architecture !== undefined && (!known || architectures[known] !== architecture)) {
    const experts = fields.num_local_experts ?? fields.num_experts ?? fields.n_routed_experts;
    const reason = experts === undefined ? supported : `it is a mixture of ${experts} experts; ${supported}`;
    const mismatch = Object.values<unknown>(architectures).includes(architecture)
      ? ` with model_type ${JSON.stringify(type)}`
      : '';
    throw new ModelConfigError([`config.json: ${String(architecture)}${mismatch} is not supported: ${reason}.`]);
  }
  if (!known)
    throw new ModelConfigError([`config.json: model_type ${JSON.stringify(type)} is not supported: ${supported}.`]);
  return known;
}

function checkFeatures(fields: Fields, problems: string[]): void {
  const { quantization_config: quantization, hidden_act: activation } = fields;
  if (quantization) {
    const method = (quantization as Fields).quant_method;
    problems.push(
      `quantised weights${typeof method === 'string' ? ` (${method})` : ''} are not supported; F32, F16 and BF16 are`,
    );
  }
  if (activation !== undefined && activation !== 'silu') {
    problems.push(`the activation ${JSON.stringify(activation)} is not supported; silu is`);
  }
}

/** Positions that a token sees, or infinity. Mistral's own default is 4096; Qwen2's needs `use_sliding_window`. */
function slidingWindow(fields: Fields, type: ModelType, problems: string[]): number {
  const layers = Array.isArray(fields.layer_types) ? new Set<unknown>(fields.layer_types) : new Set<unknown>();
  for (const layer of layers) {
    if (layer !== 'full_attention' && layer !== 'sliding_attention') {
      problems.push(`the layer type ${JSON.stringify(layer)} is not supported`);
    }
  }
  const isUsed = type === 'mistral' || layers.has('sliding_attention') || fields.use_sliding_window === true;
  if (!isUsed || fields.sliding_window === null) return Number.POSITIVE_INFINITY;
  if (type === 'mistral' && fields.sliding_window === undefined) return 4096;
  return positive(fields, 'sliding_window', problems);
}

function checkHeads(config: LlamaConfig, problems: string[]): void {
  const { num_attention_heads: heads, num_key_value_heads: shared, head_dim: width } = config;
  if (!Number.isInteger(width)) problems.push(`hidden_size ${config.hidden_size} is no multiple of ${heads} heads`);
  else if (width % 2 !== 0) problems.push(`head_dim ${width} is odd; rotary embedding needs pairs`);
  if (heads % shared !== 0) problems.push(`${heads} heads cannot share ${shared} key-value heads`);
}

function positive(fields: Fields, name: string, problems: string[], isInteger = true): number {
  const value = fields[name];
  if (typeof value === 'number' && value > 0 && (isInteger ? Number.isSafeInteger(value) : Number.isFinite(value))) {
    return value;
  }
  problems.push(`${name} is ${JSON.stringify(value)}, not a positive ${isInteger ? 'integer' : 'number'}`);
  return 1;
}

function eosOf(value: unknown): LlamaConfig['eos_token_id'] {
  if (Array.isArray(value)) return value.filter((id): id is number => typeof id === 'number');
  return typeof value === 'number' ? value : null;
}
