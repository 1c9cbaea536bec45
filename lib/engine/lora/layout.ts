import type { LlamaConfig } from '../nn/config.ts';
import { type LinearModule, linearModules, linearPath, linearShape } from '../nn/weights.ts';
import { createRandom } from '../train/random.ts';
import { checkLoraConfig, type LoraConfig } from './config.ts';

/** One LoRA matrix inside the flat vector. A is [r, in], B is [out, r], both row major. */
export type AdapterEntry = {
  /** PEFT's key in `adapter_model.safetensors`. */
  key: string;
  layer: number;
  module: LinearModule;
  part: 'A' | 'B';
  shape: readonly [number, number];
  /** First element in theta; the entries are adjacent and in order. */
  offset: number;
  length: number;
};

/**
 * An adapter is one `Float32Array` theta: optimiser, clipping, per-example gradients and serving slots then each are
 * a few operators on one vector. The layout maps it to PEFT's named tensors: by layer, module (fixed order), A then B.
 */
export type AdapterLayout = { lora: LoraConfig; entries: readonly AdapterEntry[]; length: number };

/** @throws LoraConfigError if the configuration is invalid */
export function adapterLayout(config: LlamaConfig, lora: LoraConfig): AdapterLayout {
  checkLoraConfig(lora);
  const entries: AdapterEntry[] = [];
  let offset = 0;
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const module of linearModules.filter((name) => lora.targetModules.includes(name))) {
      const [outputs, inputs] = linearShape(config, module);
      for (const part of ['A', 'B'] as const) {
        const shape: [number, number] = part === 'A' ? [lora.r, inputs] : [outputs, lora.r];
        const length = shape[0] * shape[1];
        const key = `base_model.model.${linearPath(layer, module)}.lora_${part}.weight`;
        entries.push({ key, layer, module, part, shape, offset, length });
        offset += length;
      }
    }
  }
  return { lora, entries, length: offset };
}

/** theta -> PEFT's named tensors; the arrays are views into theta. */
export function unpackAdapter(
  layout: AdapterLayout,
  theta: Float32Array,
): Record<string, { shape: readonly number[]; data: Float32Array }> {
  return Object.fromEntries(
    layout.entries.map(({ key, shape, offset, length }) => [
      key,
      { shape, data: theta.subarray(offset, offset + length) },
    ]),
  );
}

/** PEFT's default start: A uniform in +-1/sqrt(in) (Kaiming with a = sqrt(5)), B zero, so that the adapter is silent. */
export function initializeAdapter(layout: AdapterLayout, seed: string): Float32Array {
  const theta = new Float32Array(layout.length);
  const random = createRandom(`adapter|${seed}`);
  for (const { part, shape, offset, length } of layout.entries) {
    if (part === 'B') continue;
    const bound = 1 / Math.sqrt(shape[1]);
    for (let i = 0; i < length; i++) theta[offset + i] = (2 * random() - 1) * bound;
  }
  return theta;
}
