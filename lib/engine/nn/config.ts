import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The fields of a Hugging Face Llama `config.json` that decide the computation. */
export type LlamaConfig = {
  hidden_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  num_key_value_heads: number;
  intermediate_size: number;
  vocab_size: number;
  rms_norm_eps: number;
  rope_theta: number;
  tie_word_embeddings: boolean;
  max_position_embeddings: number;
  bos_token_id: number | null;
  eos_token_id: number | null;
};

/** The model folder holds a configuration that the engine cannot run. */
export class ModelConfigError extends Error {
  readonly code = 'model_config_invalid';
  override readonly name = 'ModelConfigError';
}

/** Reads `<modelDir>/config.json`. @throws ModelConfigError if it is no Llama configuration that the engine supports */
export async function readLlamaConfig(modelDir: string): Promise<LlamaConfig> {
  const path = join(modelDir, 'config.json');
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ModelConfigError('The model folder has no readable config.json.', { cause });
  }
  return parseLlamaConfig(json);
}

/** Checks and completes a parsed `config.json`. @throws ModelConfigError naming the field at fault */
export function parseLlamaConfig(json: unknown): LlamaConfig {
  const fields = (typeof json === 'object' && json !== null ? json : {}) as Record<string, unknown>;
  if (fields.model_type !== 'llama') {
    throw new ModelConfigError(`config.json: model_type is ${JSON.stringify(fields.model_type)}, not "llama".`);
  }
  if (fields.rope_scaling) throw new ModelConfigError('config.json: rope_scaling is not supported.');
  if (fields.attention_bias || fields.mlp_bias) throw new ModelConfigError('config.json: biases are not supported.');
  const heads = positive(fields, 'num_attention_heads');
  const config: LlamaConfig = {
    hidden_size: positive(fields, 'hidden_size'),
    num_hidden_layers: positive(fields, 'num_hidden_layers'),
    num_attention_heads: heads,
    num_key_value_heads: fields.num_key_value_heads === undefined ? heads : positive(fields, 'num_key_value_heads'),
    intermediate_size: positive(fields, 'intermediate_size'),
    vocab_size: positive(fields, 'vocab_size'),
    rms_norm_eps: positive(fields, 'rms_norm_eps', false),
    rope_theta: fields.rope_theta === undefined ? 10_000 : positive(fields, 'rope_theta', false),
    tie_word_embeddings: fields.tie_word_embeddings === true,
    max_position_embeddings: positive(fields, 'max_position_embeddings'),
    bos_token_id: tokenId(fields.bos_token_id),
    eos_token_id: tokenId(fields.eos_token_id),
  };
  if (config.hidden_size % (2 * heads) !== 0) {
    throw new ModelConfigError(`config.json: hidden_size ${config.hidden_size} is no even multiple of ${heads} heads.`);
  }
  if (heads % config.num_key_value_heads !== 0) {
    throw new ModelConfigError(
      `config.json: ${heads} heads cannot share ${config.num_key_value_heads} key-value heads.`,
    );
  }
  return config;
}

/** Width of one attention head. */
export function headSize(config: LlamaConfig): number {
  return config.hidden_size / config.num_attention_heads;
}

function positive(fields: Record<string, unknown>, name: string, isInteger = true): number {
  const value = fields[name];
  if (typeof value !== 'number' || !(value > 0) || (isInteger && !Number.isInteger(value))) {
    throw new ModelConfigError(`config.json: ${name} is ${JSON.stringify(value)}, not a positive number.`);
  }
  return value;
}

function tokenId(value: unknown): number | null {
  return typeof value === 'number' ? value : Array.isArray(value) && typeof value[0] === 'number' ? value[0] : null;
}
