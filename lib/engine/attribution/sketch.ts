import type { AdapterLayout } from '../lora/layout.ts';

/** A matrix that a gradient is multiplied by, [from, to], row by row; its entries times `scale`. */
export type Columns = { matrix: Int8Array | Float32Array; scale: number };

/** How one LoRA B matrix is sketched: what its output side and its rank side are multiplied by; null: left as it is. */
export type SketchedModule = { columns: number; output: Columns | null; rank: Columns | null };

/** One B matrix in the flat B gradient, and its place in the feature vector. */
type PlacedModule = SketchedModule & {
  /** First element of B [out, r] in the B gradient. */
  gradientOffset: number;
  outputs: number;
  featureOffset: number;
};

/**
 * A one-sided projection of B gradients, G [out, r] -> U^T G [columns, r] per module. The input side is already reduced by
 * LoRA's own A; sketching only the output side keeps the product structure (LoGra, arXiv 2405.13954). Adapters of high rank
 * have their rank side sketched likewise, G -> G S first.
 */
export type Sketch = {
  rank: number;
  /** Columns that are left of the rank. */
  rankWidth: number;
  modules: readonly PlacedModule[];
  /** Features of each layer, adjacent and in order; the curvature is block-diagonal over them. */
  layers: readonly { offset: number; size: number }[];
  /** Length of a feature vector. */
  dims: number;
  /** Length of a B gradient. */
  gradientLength: number;
};

/** Puts the B matrices of a layout one after the other. @param modules one for each of them, in order */
export function createSketch(
  { entries, lora }: AdapterLayout,
  rankWidth: number,
  modules: readonly SketchedModule[],
): Sketch {
  const placed: PlacedModule[] = [];
  const layers: { offset: number; size: number }[] = [];
  const firstLayer = entries[0]?.layer ?? 0;
  let [gradientOffset, featureOffset] = [0, 0];
  for (const [at, { layer, shape, length }] of entries.filter(({ part }) => part === 'B').entries()) {
    const module = modules[at]!;
    const size = module.columns * rankWidth;
    placed.push({ ...module, gradientOffset, outputs: shape[0], featureOffset });
    const place = layer - firstLayer;
    if (layers[place]) layers[place].size += size;
    else layers[place] = { offset: featureOffset, size };
    gradientOffset += length;
    featureOffset += size;
  }
  return { rank: lora.r, rankWidth, modules: placed, layers, dims: featureOffset, gradientLength: gradientOffset };
}

/** Features [dims] of a B gradient. Float64 sums in a fixed order, rounded to float32: equal gradients, equal bits. */
export function sketchGradient(sketch: Sketch, gradient: Float32Array): Float32Array {
  const { rank, rankWidth } = sketch;
  const features = new Float32Array(sketch.dims);
  for (const { gradientOffset, outputs, columns, output, rank: rankSide, featureOffset } of sketch.modules) {
    const own = gradient.subarray(gradientOffset, gradientOffset + outputs * rank);
    const narrow = rankSide ? sketchRank(own, rankSide, rank, rankWidth) : own;
    if (output === null) {
      features.set(narrow, featureOffset);
      continue;
    }
    for (let k = 0; k < columns; k++) {
      const sums = columnSums(narrow, output.matrix, k, { outputs, columns, rankWidth });
      for (let i = 0; i < rankWidth; i++) features[featureOffset + k * rankWidth + i] = sums[i]! * output.scale;
    }
  }
  return features;
}

/** Column k of a matrix [outputs, columns] times a gradient [outputs, rankWidth]; four at a time, summed in row order. */
function columnSums(
  gradient: Float32Array | Float64Array,
  matrix: Int8Array | Float32Array,
  k: number,
  { outputs, columns, rankWidth }: { outputs: number; columns: number; rankWidth: number },
): Float64Array {
  const sums = new Float64Array(rankWidth);
  for (let i = 0; i < rankWidth; i += 4) {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let row = 0; row < outputs; row++) {
      const weight = matrix[row * columns + k]!;
      const at = row * rankWidth + i;
      a += weight * gradient[at]!;
      // Beyond the last column these read the next row's; what they sum is left out.
      b += weight * gradient[at + 1]!;
      c += weight * gradient[at + 2]!;
      d += weight * gradient[at + 3]!;
    }
    sums.set([a, b, c, d].slice(0, rankWidth - i), i);
  }
  return sums;
}

/** G [out, r] -> G S, [out, rankWidth]. */
function sketchRank(gradient: Float32Array, { matrix, scale }: Columns, rank: number, rankWidth: number): Float64Array {
  const columns = new Float64Array((gradient.length / rank) * rankWidth);
  for (let row = 0; row * rank < gradient.length; row++) {
    for (let k = 0; k < rankWidth; k++) {
      let sum = 0;
      for (let i = 0; i < rank; i++) sum += matrix[i * rankWidth + k]! * gradient[row * rank + i]!;
      columns[row * rankWidth + k] = sum * scale;
    }
  }
  return columns;
}
