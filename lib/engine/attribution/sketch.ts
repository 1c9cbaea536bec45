import { createHash } from 'node:crypto';
import type { AdapterLayout } from '../lora/layout.ts';
import type { SketchSize } from './choose-sketch.ts';

/** One LoRA B matrix in the flat B gradient, and its place in the feature vector. */
type SketchModule = {
  /** First element of B [out, r] in the B gradient. */
  gradientOffset: number;
  outputs: number;
  /** Columns that are left of the outputs. */
  width: number;
  /** +1 or -1, [out, width]; null where the output side stays as it is. */
  signs: Int8Array | null;
  /** +1 or -1, [r, rankWidth]; null where the rank side stays as it is. */
  rankSigns: Int8Array | null;
  featureOffset: number;
};

/**
 * A seeded one-sided random projection of B gradients, G [out, r] -> signs^T G / sqrt(k) [k, r] per module. The input side is
 * already reduced by LoRA's own A; sketching only the output side keeps the product structure (LoGra, arXiv 2405.13954).
 * Adapters of high rank have their rank side sketched likewise, G -> G S / sqrt(rankWidth) first. A matrix that has no more
 * outputs than columns would be left is not sketched: the features are its gradient.
 */
export type Sketch = {
  rank: number;
  /** Columns that are left of the rank. */
  rankWidth: number;
  modules: readonly SketchModule[];
  /** Features of each layer, adjacent and in order; the curvature is block-diagonal over them. */
  layers: readonly { offset: number; size: number }[];
  /** Length of a feature vector. */
  dims: number;
  /** Length of a B gradient. */
  gradientLength: number;
};

/**
 * @param seed decides all signs. Fix it only after the rows are committed: who knows it can craft rows against it
 * @param size see `chooseSketch`; a rankWidth of `lora.r` leaves the rank side alone
 * @param exact false: narrow matrices are projected like the others, as the first method did
 */
export function createSketch(
  { entries, lora }: AdapterLayout,
  seed: string,
  { width, rankWidth }: SketchSize,
  exact = true,
): Sketch {
  const modules: SketchModule[] = [];
  const layers: { offset: number; size: number }[] = [];
  const firstLayer = entries[0]?.layer ?? 0;
  let gradientOffset = 0;
  let featureOffset = 0;
  for (const { layer, module, part, shape, length } of entries) {
    if (part !== 'B') continue;
    const isExact = exact && shape[0] <= width;
    const columns = isExact ? shape[0] : width;
    const size = columns * rankWidth;
    const name = `${layer}.${module}`;
    modules.push({
      gradientOffset,
      outputs: shape[0],
      width: columns,
      signs: isExact ? null : moduleSigns(seed, name, shape[0], width),
      rankSigns: rankWidth < lora.r ? moduleSigns(seed, `${name}.rank`, lora.r, rankWidth) : null,
      featureOffset,
    });
    const place = layer - firstLayer;
    if (layers[place]) layers[place].size += size;
    else layers[place] = { offset: featureOffset, size };
    gradientOffset += length;
    featureOffset += size;
  }
  return { rank: lora.r, rankWidth, modules, layers, dims: featureOffset, gradientLength: gradientOffset };
}

/**
 * Signs [out, k]: bit j of row i is bit j of SHA-256(seed | module | i | j div 256), lowest bit of each byte first.
 * Every entry can be recomputed alone, which is what a dispute about one score needs.
 */
export function moduleSigns(seed: string, module: string, outputs: number, width: number): Int8Array {
  const signs = new Int8Array(outputs * width);
  for (let row = 0; row < outputs; row++) {
    for (let block = 0; block * 256 < width; block++) {
      const bits = createHash('sha256').update(`${seed}|${module}|${row}|${block}`).digest();
      for (let bit = 0; bit < Math.min(256, width - block * 256); bit++) {
        signs[row * width + block * 256 + bit] = (bits[bit >> 3]! >> (bit & 7)) & 1 ? 1 : -1;
      }
    }
  }
  return signs;
}

/** Features [dims] of a B gradient. Float64 sums in a fixed order, rounded to float32: equal gradients, equal bits. */
export function sketchGradient(sketch: Sketch, gradient: Float32Array): Float32Array {
  const { rank, rankWidth } = sketch;
  const features = new Float32Array(sketch.dims);
  for (const { gradientOffset, outputs, width, signs, rankSigns, featureOffset } of sketch.modules) {
    const own = gradient.subarray(gradientOffset, gradientOffset + outputs * rank);
    const columns = rankSigns ? sketchRank(own, rankSigns, rank, rankWidth) : own;
    if (signs === null) {
      features.set(columns, featureOffset);
      continue;
    }
    const scale = 1 / Math.sqrt(width);
    for (let k = 0; k < width; k++) {
      const sums = signedSums(columns, signs, k, { outputs, width, rankWidth });
      for (let i = 0; i < rankWidth; i++) features[featureOffset + k * rankWidth + i] = sums[i]! * scale;
    }
  }
  return features;
}

/** Column k of the signs [outputs, width] times the columns [outputs, rankWidth]; four at a time, summed in row order. */
function signedSums(
  columns: Float32Array | Float64Array,
  signs: Int8Array,
  k: number,
  { outputs, width, rankWidth }: { outputs: number; width: number; rankWidth: number },
): Float64Array {
  const sums = new Float64Array(rankWidth);
  for (let i = 0; i < rankWidth; i += 4) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let row = 0; row < outputs; row++) {
      const sign = signs[row * width + k]!;
      const at = row * rankWidth + i;
      a += sign * columns[at]!;
      // Beyond the last column these read the next row's; what they sum is left out.
      b += sign * columns[at + 1]!;
      c += sign * columns[at + 2]!;
      d += sign * columns[at + 3]!;
    }
    sums.set([a, b, c, d].slice(0, rankWidth - i), i);
  }
  return sums;
}

/** G [out, r] -> G signs / sqrt(rankWidth), [out, rankWidth]. */
function sketchRank(gradient: Float32Array, signs: Int8Array, rank: number, rankWidth: number): Float64Array {
  const columns = new Float64Array((gradient.length / rank) * rankWidth);
  const scale = 1 / Math.sqrt(rankWidth);
  for (let row = 0; row * rank < gradient.length; row++) {
    for (let k = 0; k < rankWidth; k++) {
      let sum = 0;
      for (let i = 0; i < rank; i++) sum += signs[i * rankWidth + k]! * gradient[row * rank + i]!;
      columns[row * rankWidth + k] = sum * scale;
    }
  }
  return columns;
}
