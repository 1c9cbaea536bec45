import { type LinearModule, linearModules } from '../nn/weights.ts';

/** LoRA hyperparameters with PEFT's meaning (`r`, `lora_alpha`, `lora_dropout`, `target_modules`). */
export type LoraConfig = {
  r: number;
  /** Strength of the adapter, see `loraScale`. */
  loraAlpha: number;
  /** Share of the adapter's inputs that a training step drops, from 0 to below 1. Serving, merging and attribution ignore it. */
  loraDropout: number;
  /** Any of the seven linear layers; all of them by default. */
  targetModules: readonly LinearModule[];
  /** rsLoRA (Kalajdzievski 2023, arXiv 2312.03732): the scale falls with sqrt(r) in place of r. */
  useRslora?: boolean;
};

/** A LoRA configuration that the engine cannot train; the message names the field and what is allowed. */
export class LoraConfigError extends Error {
  readonly code = 'lora_config_invalid';
  override readonly name = 'LoraConfigError';
}

export const defaultLoraConfig: LoraConfig = { r: 8, loraAlpha: 16, loraDropout: 0, targetModules: linearModules };

/** What B (A x) is multiplied by: alpha / r, or alpha / sqrt(r) for rsLoRA. */
export function loraScale({ r, loraAlpha, useRslora }: LoraConfig): number {
  return loraAlpha / (useRslora ? Math.sqrt(r) : r);
}

/** @throws LoraConfigError naming the first field that is out of range or the first unknown module */
export function checkLoraConfig(lora: LoraConfig): void {
  if (!Number.isInteger(lora.r) || lora.r < 1 || lora.r > 256) {
    throw new LoraConfigError(`LoRA rank r is ${lora.r}; it must be an integer from 1 to 256.`);
  }
  if (!(lora.loraAlpha > 0)) throw new LoraConfigError(`LoRA loraAlpha is ${lora.loraAlpha}; it must be positive.`);
  if (!(lora.loraDropout >= 0 && lora.loraDropout < 1)) {
    throw new LoraConfigError(`LoRA loraDropout is ${lora.loraDropout}; it must be from 0 to below 1.`);
  }
  if (lora.targetModules.length === 0) throw new LoraConfigError('LoRA targetModules is empty.');
  const unknown = lora.targetModules.find((module) => !linearModules.includes(module));
  if (unknown !== undefined) {
    throw new LoraConfigError(`LoRA target module "${unknown}" is unknown; choose from ${linearModules.join(', ')}.`);
  }
  if (new Set(lora.targetModules).size !== lora.targetModules.length) {
    throw new LoraConfigError('LoRA targetModules names a module twice.');
  }
}
