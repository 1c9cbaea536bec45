import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoraConfig } from '../lora/config.ts';
import { type AdapterLayout, adapterLayout, packAdapter, unpackAdapter } from '../lora/layout.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { type LinearModule, linearModules } from '../nn/weights.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const configName = 'adapter_config.json';
const weightsName = 'adapter_model.safetensors';

export type LoadedAdapter = {
  layout: AdapterLayout;
  /** All A and B matrices, in the order of the layout. */
  theta: Float32Array;
  baseModelName: string | null;
};

/** An adapter folder that is broken or uses a PEFT feature that the engine does not run; the message names it. */
export class AdapterFormatError extends Error {
  readonly code = 'adapter_invalid';
  override readonly name = 'AdapterFormatError';
}

/** The adapter was trained for another base: a tensor is missing, superfluous or of another shape. */
export class AdapterMismatchError extends Error {
  readonly code = 'adapter_mismatch';
  override readonly name = 'AdapterMismatchError';
}

/**
 * Reads a PEFT LoRA folder and checks it against the base model.
 *
 * rsLoRA's scale alpha / sqrt(r) (arXiv 2312.03732) is carried as an equivalent loraAlpha; dropout, which acts in
 * training only, is dropped.
 *
 * @throws AdapterFormatError, AdapterMismatchError, SafetensorsError
 */
export async function readAdapter(adapterDir: string, config: LlamaConfig): Promise<LoadedAdapter> {
  const { lora, baseModelName } = parseAdapterConfig(await readConfigJson(adapterDir));
  const layout = adapterLayout(config, lora);
  const { tensors } = await readSafetensors(join(adapterDir, weightsName));
  const expected = new Set(layout.entries.map((entry) => entry.key));
  const stranger = [...tensors.keys()].find((key) => !expected.has(key));
  if (stranger !== undefined) throw new AdapterMismatchError(`The base model has no place for the tensor ${stranger}.`);
  try {
    return { layout, theta: packAdapter(layout, Object.fromEntries(tensors)), baseModelName };
  } catch (cause) {
    throw new AdapterMismatchError((cause as Error).message, { cause });
  }
}

/** Writes `theta` as PEFT does. Equal adapters give equal bytes. Creates the folder. */
export async function writeAdapter(
  adapterDir: string,
  { layout, theta, baseModelName }: LoadedAdapter,
  dtype: 'F32' | 'F16' = 'F32',
): Promise<void> {
  await mkdir(adapterDir, { recursive: true });
  await writeSafetensors(join(adapterDir, weightsName), new Map(Object.entries(unpackAdapter(layout, theta))), {
    dtype,
  });
  const json = `${JSON.stringify(adapterConfigJson(layout.lora, baseModelName), null, 2)}\n`;
  await writeFileAtomically(join(adapterDir, configName), [Buffer.from(json)]);
}

function adapterConfigJson(lora: LoraConfig, baseModelName: string | null): object {
  return {
    alpha_pattern: {},
    auto_mapping: null,
    base_model_name_or_path: baseModelName,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: null,
    lora_alpha: lora.loraAlpha,
    lora_dropout: lora.loraDropout,
    modules_to_save: null,
    peft_type: 'LORA',
    r: lora.r,
    rank_pattern: {},
    revision: null,
    target_modules: [...lora.targetModules],
    task_type: 'CAUSAL_LM',
    use_dora: false,
    use_rslora: false,
  };
}

async function readConfigJson(adapterDir: string): Promise<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(await readFile(join(adapterDir, configName), 'utf8'));
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch (cause) {
    throw new AdapterFormatError(`The adapter folder has no readable ${configName}.`, { cause });
  }
  throw new AdapterFormatError(`${configName} is not a JSON object.`);
}

/** @throws AdapterFormatError naming the field that is not supported */
export function parseAdapterConfig(json: Record<string, unknown>): { lora: LoraConfig; baseModelName: string | null } {
  const { peft_type: type, r, lora_alpha: alpha, base_model_name_or_path: baseModelName } = json;
  if (type !== 'LORA') throw new AdapterFormatError(`${configName}: peft_type ${JSON.stringify(type)} is not LORA.`);
  if (typeof r !== 'number' || typeof alpha !== 'number') {
    throw new AdapterFormatError(`${configName}: r and lora_alpha must be numbers.`);
  }
  if (json.bias !== undefined && json.bias !== 'none') {
    throw new AdapterFormatError(`${configName}: bias ${JSON.stringify(json.bias)} is not supported.`);
  }
  const unsupported = [
    'use_dora',
    'fan_in_fan_out',
    'modules_to_save',
    'layers_to_transform',
    'rank_pattern',
    'alpha_pattern',
    'exclude_modules',
    'trainable_token_indices',
    'lora_bias',
    'megatron_config',
  ].find((field) => isSet(json[field]));
  if (unsupported) throw new AdapterFormatError(`${configName}: ${unsupported} is not supported.`);
  return {
    lora: {
      r,
      loraAlpha: json.use_rslora === true ? alpha * Math.sqrt(r) : alpha,
      loraDropout: 0,
      targetModules: parseTargets(json.target_modules),
    },
    baseModelName: typeof baseModelName === 'string' ? baseModelName : null,
  };
}

function parseTargets(value: unknown): LinearModule[] {
  if (value === 'all-linear') return [...linearModules];
  if (!Array.isArray(value)) throw new AdapterFormatError(`${configName}: target_modules must be a list of names.`);
  const unknown = value.find((name) => !linearModules.includes(name));
  if (unknown !== undefined) {
    throw new AdapterFormatError(`${configName}: target module ${JSON.stringify(unknown)} is not supported.`);
  }
  return linearModules.filter((name) => value.includes(name));
}

function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== false;
}
