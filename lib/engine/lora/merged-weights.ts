import { linearPath } from '../nn/weights.ts';
import { addLowRank } from './add-low-rank.ts';
import { loraScale } from './config.ts';
import type { AdapterLayout } from './layout.ts';

/** Tensors by their Hugging Face names. */
export type Weights = Readonly<Record<string, Float32Array>>;

/** The weights with an adapter in them, W + scale * B A; what it does not adapt is shared with `weights`. */
export function mergedWeights(weights: Weights, { lora, entries }: AdapterLayout, theta: Float32Array): Weights {
  const merged = { ...weights };
  const matrix = ({ offset, length }: (typeof entries)[number]) => theta.subarray(offset, offset + length);
  // A and B of a matrix are neighbours, in this order.
  for (let i = 0; i < entries.length; i += 2) {
    const [a, b] = [entries[i]!, entries[i + 1]!];
    const name = `${linearPath(a.layer, a.module)}.weight`;
    merged[name] = weights[name]!.slice();
    addLowRank(merged[name], matrix(b), matrix(a), lora.r, loraScale(lora));
  }
  return merged;
}
