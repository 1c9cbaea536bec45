import type { LoraConfig } from '../lora/config.ts';
import { type LinearModule, linearModules } from '../nn/weights.ts';
import { AdapterFormatError } from './adapter-errors.ts';

export const adapterConfigName = 'adapter_config.json';

/** Features of PEFT's LoraConfig that change what an adapter computes and that the engine does not run. */
const refusedFields = [
  'alora_invocation_tokens',
  'alpha_pattern',
  'exclude_modules',
  'fan_in_fan_out',
  'layer_replication',
  'layers_pattern',
  'layers_to_transform',
  'lora_bias',
  'modules_to_save',
  'rank_pattern',
  'target_parameters',
  'trainable_token_indices',
];

/** Settings of ways to start an adapter: of no effect once it is trained. Every other `<variant>_config` is refused. */
const startConfigs = ['corda_config', 'eva_config', 'loftq_config', 'lora_ga_config'];

/** Ways to start an adapter that also change the base's weights, so that it does not fit the base as published. */
const baseChangingStarts = /^(pissa|olora|corda|loftq|lora_ga)/i;

/**
 * The LoRA part of a PEFT `adapter_config.json`. Fields that do not change what a trained adapter computes are passed over.
 *
 * A regular expression in `target_modules` comes from a stranger and is not evaluated: which layers it named is what
 * the file's tensors say.
 *
 * @param modulesInFile the modules that the adapter file has matrices for
 * @throws AdapterFormatError naming the field that is not supported
 */
export function parseAdapterConfig(
  json: Record<string, unknown>,
  modulesInFile: ReadonlySet<LinearModule>,
): { lora: LoraConfig; baseModelName: string | null } {
  refuseUnsupported(json);
  const { r, lora_alpha: loraAlpha, lora_dropout: dropout = 0, base_model_name_or_path: baseModelName } = json;
  if (typeof r !== 'number' || typeof loraAlpha !== 'number' || typeof dropout !== 'number') {
    throw new AdapterFormatError(`${adapterConfigName}: r, lora_alpha and lora_dropout must be numbers.`);
  }
  return {
    lora: {
      r,
      loraAlpha,
      loraDropout: dropout,
      targetModules: parseTargets(json.target_modules, modulesInFile),
      ...(json.use_rslora === true ? { useRslora: true } : {}),
    },
    baseModelName: typeof baseModelName === 'string' ? baseModelName : null,
  };
}

/**
 * The content of `adapter_config.json`, keys in PEFT's (alphabetical) order.
 *
 * @param source the file that the adapter was read from: its other fields are kept
 */
export function adapterConfigJson(lora: LoraConfig, baseModelName: string | null, source: object = {}): object {
  const json: Record<string, unknown> = {
    alpha_pattern: {},
    auto_mapping: null,
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: null,
    modules_to_save: null,
    rank_pattern: {},
    revision: null,
    target_modules: [...lora.targetModules],
    task_type: 'CAUSAL_LM',
    use_dora: false,
    ...source,
    base_model_name_or_path: baseModelName,
    bias: 'none',
    lora_alpha: lora.loraAlpha,
    lora_dropout: lora.loraDropout,
    peft_type: 'LORA',
    r: lora.r,
    use_rslora: lora.useRslora === true,
  };
  return Object.fromEntries(Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function refuseUnsupported(json: Record<string, unknown>): void {
  const refuse = (field: string): never => {
    throw new AdapterFormatError(`${adapterConfigName}: ${field} ${JSON.stringify(json[field])} is not supported.`);
  };
  if (json.peft_type !== 'LORA') refuse('peft_type');
  if (isSet(json.task_type) && json.task_type !== 'CAUSAL_LM') refuse('task_type');
  if (isSet(json.bias) && json.bias !== 'none') refuse('bias');
  const start = json.init_lora_weights;
  if (typeof start === 'string' && baseChangingStarts.test(start)) refuse('init_lora_weights');
  // PEFT switches variants of LoRA on by use_<variant> or <variant>_config; one newer than this list must not pass unseen.
  const variants = Object.keys(json).filter((field) =>
    field.startsWith('use_') ? field !== 'use_rslora' : field.endsWith('_config') && !startConfigs.includes(field),
  );
  for (const field of [...refusedFields, ...variants]) if (isSet(json[field])) refuse(field);
}

function parseTargets(value: unknown, modulesInFile: ReadonlySet<LinearModule>): LinearModule[] {
  if (value === 'all-linear') return [...linearModules];
  if (typeof value === 'string') return linearModules.filter((name) => modulesInFile.has(name));
  if (!Array.isArray(value))
    throw new AdapterFormatError(`${adapterConfigName}: target_modules must be a list of names.`);
  const unknown = value.find((name) => !linearModules.includes(name));
  if (unknown !== undefined) {
    throw new AdapterFormatError(`${adapterConfigName}: target module ${JSON.stringify(unknown)} is not supported.`);
  }
  return linearModules.filter((name) => value.includes(name));
}

function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== false;
}
