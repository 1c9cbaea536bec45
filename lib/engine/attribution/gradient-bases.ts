import { bfloatBitsFromFloats, floatsFromBfloatBits } from '../io/half-float.ts';
import type { AdapterEntry, AdapterLayout } from '../lora/layout.ts';
import { leadingVectors } from './leading-vectors.ts';
import { MomentMatrix } from './moment-matrix.ts';
import { createSketch, type Sketch } from './sketch.ts';

/**
 * What a B matrix's gradients [outputs, r] are multiplied by, as it is stored: the leading directions of the rows' gradients on
 * the output side [outputs, columns], and on the rank side [r, rankWidth]; null where a side is kept whole.
 */
export type GradientBasis = {
  outputs: number;
  columns: number;
  output: Float32Array | null;
  rank: Float32Array | null;
};

/** Columns of all B matrices of a layer together, and of each one's rank. */
export type BasisSize = { columns: number; rankWidth: number };

/**
 * The bases that keep most of the gradients' squares. A layer's columns go to those of its matrices whose next direction holds
 * most. Each row counts with its gradient over that layer at length 1, so that no outlier turns the basis to itself.
 *
 * Random signs in their place keep .44 of linear datamodeling score on 108 real rows where these keep .52 (2,016 features of the
 * last layer; nothing projected: .56), and more columns of signs do not help (docs/engine-log.md).
 *
 * @param layout B matrices, one after the other; @param gradients of rows, each as the layout says
 */
export function fitBases(
  layout: AdapterLayout,
  gradients: readonly Float32Array[],
  size: BasisSize,
  seed: string,
): GradientBasis[] {
  const layers = Map.groupBy(layout.entries, ({ layer }) => layer);
  return [...layers.values()].flatMap((entries) => fitLayer(entries, layout.lora.r, gradients, size, seed));
}

function fitLayer(
  entries: readonly AdapterEntry[],
  r: number,
  gradients: readonly Float32Array[],
  { columns, rankWidth }: BasisSize,
  seed: string,
): GradientBasis[] {
  const weights = gradients.map((gradient) => 1 / squaresOf(gradient, entries));
  const rankSides = entries.map((entry) => {
    if (rankWidth === r) return null;
    const name = `${seed}|${entry.layer}.${entry.module}.rank`;
    return narrow(leadingVectors(rankMoments(entry, gradients, weights), r, rankWidth, name).vectors);
  });
  if (columns >= entries.reduce((sum, { shape }) => sum + shape[0], 0)) {
    return entries.map(({ shape: [outputs] }, at) => ({
      ...{ outputs, columns: outputs, output: null, rank: rankSides[at]! },
    }));
  }
  const most = Math.max(Math.ceil(columns / 2), Math.ceil(columns / entries.length));
  const found = entries.map((entry) => {
    const count = Math.min(entry.shape[0], most);
    const moments = outputMoments(entry, gradients, weights);
    return { count, ...leadingVectors(moments, entry.shape[0], count, `${seed}|${entry.layer}.${entry.module}`) };
  });
  const chosen = found
    .flatMap(({ values }, at) => Array.from(values, (value) => ({ value, at })))
    .sort((a, b) => b.value - a.value || a.at - b.at)
    .slice(0, columns);
  return entries.map(({ shape: [outputs] }, at) => {
    const own = chosen.filter((one) => one.at === at).length;
    const output = narrow(firstColumns(found[at]!.vectors, found[at]!.count, own));
    return { outputs, columns: own, output, rank: rankSides[at]! };
  });
}

/** The sketch that bases make. @param layout the B matrices that they are of */
export function createBasisSketch(layout: AdapterLayout, rankWidth: number, bases: readonly GradientBasis[]): Sketch {
  const side = (matrix: Float32Array | null) => matrix && { matrix, scale: 1 };
  const modules = bases.map(({ columns, output, rank }) => ({ columns, output: side(output), rank: side(rank) }));
  return createSketch(layout, rankWidth, modules);
}

/** sum of w G G^T over the gradients of one matrix, [outputs, outputs]: the outer products of sqrt(w) G's columns. */
function outputMoments(
  { offset, shape: [outputs, r] }: AdapterEntry,
  gradients: readonly Float32Array[],
  weights: readonly number[],
): Float64Array {
  const columns = new Float32Array(gradients.length * r * outputs);
  for (const [n, gradient] of gradients.entries()) {
    const scale = Math.sqrt(weights[n]!);
    for (let out = 0; out < outputs; out++) {
      for (let i = 0; i < r; i++) {
        columns[(n * r + i) * outputs + out] = scale * gradient[offset + out * r + i]!;
      }
    }
  }
  const moments = new MomentMatrix(outputs);
  moments.addRows(columns, outputs, 0);
  return moments.toFull();
}

/** sum of w G^T G over the gradients of one matrix, [r, r]. */
function rankMoments(
  { offset, length, shape: [outputs, r] }: AdapterEntry,
  gradients: readonly Float32Array[],
  weights: readonly number[],
): Float64Array {
  const moments = new Float64Array(r * r);
  for (const [n, gradient] of gradients.entries()) {
    const own = gradient.subarray(offset, offset + length);
    for (let out = 0; out < outputs; out++) {
      for (let i = 0; i < r; i++) {
        const value = weights[n]! * own[out * r + i]!;
        for (let j = 0; j < r; j++) moments[i * r + j]! += value * own[out * r + j]!;
      }
    }
  }
  return moments;
}

/** At least a little, so that a row that moves nothing divides nothing by zero. */
function squaresOf(gradient: Float32Array, entries: readonly AdapterEntry[]): number {
  let squares = 1e-30;
  for (const { offset, length } of entries) {
    for (let i = offset; i < offset + length; i++) squares += gradient[i]! * gradient[i]!;
  }
  return squares;
}

function firstColumns(vectors: Float64Array, count: number, kept: number): Float64Array {
  const rows = count === 0 ? 0 : vectors.length / count;
  return Float64Array.from({ length: rows * kept }, (_, i) => vectors[Math.floor(i / kept) * count + (i % kept)]!);
}

/** As it is stored, in bfloat16, so that stored and used are one. */
function narrow(values: Float64Array): Float32Array {
  return floatsFromBfloatBits(bfloatBitsFromFloats(Float32Array.from(values)));
}
