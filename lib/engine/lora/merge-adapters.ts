import type { LlamaConfig } from '../nn/config.ts';
import { linearModules } from '../nn/weights.ts';
import { loraScale } from './config.ts';
import { type AdapterLayout, adapterLayout } from './layout.ts';

/** An adapter and how much of it a merge takes; 1 is all of what it does. */
export type WeightedAdapter = { layout: AdapterLayout; theta: Float32Array; weight: number };

/**
 * The one adapter that does what these do together, W = sum of w_i s_i B_i A_i: their A matrices stand below each other and their B matrices
 * beside each other, with weight and scale in B. So its rank is the sum of theirs, its alpha the same and its scale 1, and nothing is
 * approximated but the float32 of w_i s_i B_i. A module that an adapter leaves alone has zeros there. Pure.
 *
 * @param adapters of one base with this configuration
 * @throws LoraConfigError where the ranks together are beyond what the engine computes with
 */
export function mergeAdapters(
  config: LlamaConfig,
  adapters: readonly WeightedAdapter[],
): { layout: AdapterLayout; theta: Float32Array } {
  const rank = adapters.reduce((sum, { layout }) => sum + layout.lora.r, 0);
  const adapted = new Set(adapters.flatMap(({ layout }) => layout.lora.targetModules));
  const targetModules = linearModules.filter((module) => adapted.has(module));
  const layout = adapterLayout(config, { r: rank, loraAlpha: rank, loraDropout: 0, targetModules });
  const theta = new Float32Array(layout.length);
  let above = 0;
  for (const adapter of adapters) {
    place(adapter, { layout, theta }, above);
    above += adapter.layout.lora.r;
  }
  return { layout, theta };
}

/** Writes one adapter's matrices into the ranks from `above` on. */
function place(
  { layout, theta, weight }: WeightedAdapter,
  merged: { layout: AdapterLayout; theta: Float32Array },
  above: number,
): void {
  const own = new Map(layout.entries.map((entry) => [entry.key, entry]));
  const [rank, wide] = [layout.lora.r, merged.layout.lora.r];
  const factor = weight * loraScale(layout.lora);
  for (const { key, part, shape, offset } of merged.layout.entries) {
    const entry = own.get(key);
    if (!entry) continue;
    const matrix = theta.subarray(entry.offset, entry.offset + entry.length);
    if (part === 'A') merged.theta.set(matrix, offset + above * shape[1]);
    else
      for (let row = 0; row < shape[0]; row++)
        for (let r = 0; r < rank; r++) merged.theta[offset + row * wide + above + r] = factor * matrix[row * rank + r]!;
  }
}
