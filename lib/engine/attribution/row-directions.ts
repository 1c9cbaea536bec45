import { type BuiltGraph, Graph } from '../graph/builder.ts';
import { gemm } from '../graph/ops.ts';
import type { SessionCache } from '../runtime/session-cache.ts';
import { type BitWidth, type LowBitVectors, toLowBits } from './packed-bits.ts';
import { damping, triangle } from './whitening.ts';

/**
 * One layer of an index that keeps the rows' own directions, N of them, in place of a projection and a factor.
 *
 * With Z [N, P] the rows' gradients, F = Z^T Z / N and K = Z Z^T, the push-through identity says that
 * z^T (F + lambda I)^-1 z' / N is (Z z)^T (K + N lambda I)^-1 (Z z') for rows' own z': with L L^T = K + N lambda I, what an answer q
 * gives row i is the product of L^-1 Z q and column i of L^-1. So N numbers an answer and row are exact, whatever P.
 *
 * `directions` is L^-1 Z rounded to few bits. Whitened first and rounded then, two bits cost nothing that could be measured (linear
 * datamodeling score .53 on specification texts, as unrounded), one bit .02; rounded first, two bits cost .016; and twice as many bytes
 * of leading directions cost .02 to .07 (docs/engine-log.md).
 */
export type RowDirections = { directions: LowBitVectors; lambda: number };

export type FittedDirections = RowDirections & {
  /** Columns of L^-1 as the rows' parts of the index; [N] a row. */
  rows: Float64Array[];
  /** Of each row in F, at most 1. */
  leverages: Float64Array;
};

/**
 * Fits one layer. Products in float32, the factor and its inverse in float64 in a fixed order.
 * @param gradients Z, [N, P], each row times its strength
 */
export async function fitDirections(
  gradients: Float32Array,
  count: number,
  sessions: SessionCache,
  { reach, bits }: { reach: number | undefined; bits: BitWidth },
): Promise<FittedDirections> {
  const length = gradients.length / count;
  const gram = await sessions.get(`gram ${count}x${length}`, () => gramGraph(count, length));
  const { products } = await gram.run<'products'>({ z: gradients });
  const matrix = Float64Array.from(products as Float32Array);
  let trace = 0;
  for (let i = 0; i < count; i++) trace += matrix[i * count + i]!;
  // Rows that move nothing here score nothing, whatever the damping.
  const lambda = trace === 0 ? 1 : damping(trace / count / Math.min(count, length), reach);
  for (let i = 0; i < count; i++) matrix[i * count + i]! += count * lambda;
  const inverse = invertLower(factorOf(matrix, count), count);
  const apply = await sessions.get(`apply ${count}x${length}`, () => applyGraph(count, length));
  const { directions } = await apply.run<'directions'>({ inverse: Float32Array.from(inverse), z: gradients });
  const { rows, leverages } = rowsOf(inverse, count, lambda);
  return { directions: toLowBits(directions as Float32Array, length, bits), lambda, rows, leverages };
}

/**
 * sqrt(N) L^-1 Z q of a gradient q into `out` at `offset`; float64 sums in a fixed order.
 * @param count N, as many as there are directions
 */
export function alongDirections(
  { levels, scales, length }: LowBitVectors,
  gradient: Float32Array,
  out: Float64Array,
  offset: number,
): void {
  const count = scales.length;
  const root = Math.sqrt(count);
  for (let n = 0; n < count; n++) {
    const from = n * length;
    let [a, b, c, d] = [0, 0, 0, 0];
    let i = 0;
    for (; i + 3 < length; i += 4) {
      a += levels[from + i]! * gradient[i]!;
      b += levels[from + i + 1]! * gradient[i + 1]!;
      c += levels[from + i + 2]! * gradient[i + 2]!;
      d += levels[from + i + 3]! * gradient[i + 3]!;
    }
    for (; i < length; i++) a += levels[from + i]! * gradient[i]!;
    out[offset + n] = root * scales[n]! * (a + b + (c + d));
  }
}

/** sqrt(N) times the columns of L^-1, and what they leave of each row's leverage: 1 - h = N lambda |column|^2. */
function rowsOf(inverse: Float64Array, count: number, lambda: number): Pick<FittedDirections, 'rows' | 'leverages'> {
  const leverages = new Float64Array(count);
  const rows = Array.from({ length: count }, (_, row) => {
    const column = Float64Array.from({ length: count }, (__, n) => inverse[n * count + row]!);
    const squares = column.reduce((sum, value) => sum + value * value, 0);
    leverages[row] = Math.max(0, 1 - count * lambda * squares);
    return column.map((value) => value * Math.sqrt(count));
  });
  return { rows, leverages };
}

/** Lower factor of a symmetric positive matrix, packed row by row as `triangle` says. */
function factorOf(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(triangle(size));
  for (let i = 0; i < size; i++) {
    const row = triangle(i);
    for (let j = 0; j <= i; j++) {
      const other = triangle(j);
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= factor[row + k]! * factor[other + k]!;
      factor[row + j] = i === j ? Math.sqrt(sum) : sum / factor[other + j]!;
    }
  }
  return factor;
}

/** The inverse of a packed lower factor, whole, [size, size]. */
function invertLower(factor: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = inverse.subarray(i * size, (i + 1) * size);
    for (let k = 0; k < i; k++) {
      const weight = factor[triangle(i) + k]!;
      for (let j = 0; j <= k; j++) row[j]! -= weight * inverse[k * size + j]!;
    }
    row[i] = 1;
    const diagonal = factor[triangle(i) + i]!;
    for (let j = 0; j <= i; j++) row[j]! /= diagonal;
  }
  return inverse;
}

function gramGraph(count: number, length: number): BuiltGraph {
  const graph = new Graph('gram');
  const z = graph.input('z', 'f32', [count, length]);
  graph.output('products', gemm(z, z, { transB: true }));
  return graph.build();
}

function applyGraph(count: number, length: number): BuiltGraph {
  const graph = new Graph('apply');
  const inverse = graph.input('inverse', 'f32', [count, count]);
  graph.output('directions', gemm(inverse, graph.input('z', 'f32', [count, length])));
  return graph.build();
}
