import { type LinearModule, linearModules } from '../nn/weights.ts';

const keyPattern =
  /^(?:base_model\.model\.)?(?:model\.)?layers\.(\d+)\.(?:self_attn|mlp)\.(\w+)\.lora_([AB])(?:\.[\w-]+)?\.weight$/;

/** Where one LoRA matrix belongs. */
export type AdapterKey = { layer: number; module: LinearModule; part: 'A' | 'B' };

/**
 * Reads the key of a LoRA matrix, also in the forms that a raw state dict (`lora_A.default.weight`) or an adapter of
 * the bare model (`base_model.model.layers...`) has. Null if it is anything else.
 */
export function parseAdapterKey(key: string): AdapterKey | null {
  const [, layer, name, part] = keyPattern.exec(key) ?? [];
  const module = linearModules.find((candidate) => candidate === name);
  return module ? { layer: Number(layer), module, part: part as 'A' | 'B' } : null;
}
