import { type BuiltGraph, Graph } from '../graph/builder.ts';
import { gemm } from '../graph/ops.ts';
import type { SessionCache } from '../runtime/session-cache.ts';
import { MomentMatrix } from './moment-matrix.ts';
import { type BitWidth, type LowBitVectors, toLowBits } from './packed-bits.ts';
import { damping } from './whitening.ts';

/**
 * One layer of an index that keeps N directions of the rows' own, in place of a projection and a factor.
 *
 * With X [n, P] the square root of the Fisher, F = X^T X (see `FisherRoot`), whose last N lines are the rows' gradients Z over
 * sqrt(N), the push-through identity says that (F + lambda I)^-1 Z^T is sqrt(N) X^T times the last N columns of
 * (X X^T + lambda I)^-1. With L L^T = X X^T + lambda I, what an answer q gives row i is then the product of M X q and column i of L's
 * last block inverted, M the last N lines of L^-1. So N numbers an answer and row are exact, whatever P and n.
 *
 * `directions` is M X rounded to few bits. Four bits cost nothing, two some .02 of linear datamodeling score on specification texts, one
 * .1; rounding Z in place of M X costs more, and so do as many bytes of leading directions (docs/engine-log.md).
 */
export type RowDirections = { directions: LowBitVectors; lambda: number };

/**
 * X of one layer, [n, P], n - `count` drawn gradients first, then those of the rows, each line times the root of what it counts in F:
 * F = X^T X.
 */
export type FisherRoot = { root: Float32Array; count: number };

export type FittedDirections = RowDirections & {
  /** The rows' parts of the index; [N] a row. */
  rows: Float64Array[];
  /** What each row scores on itself: at most 1, because it counts in F. */
  leverages: Float64Array;
};

/**
 * Fits one layer. Products in float32, the factor and its inverse in float64 in a fixed order.
 * @param reach see `trainingReach`; undefined: not known
 */
export async function fitDirections(
  { root, count }: FisherRoot,
  length: number,
  sessions: SessionCache,
  { reach, bits }: { reach: number | undefined; bits: BitWidth },
): Promise<FittedDirections> {
  const size = root.length / length;
  const gram = await sessions.get(`gram ${size}x${length}`, () => gramGraph(size, length));
  const { products } = await gram.run<'products'>({ x: root });
  const matrix = new MomentMatrix(size);
  matrix.fill(products as Float32Array);
  // Rows that move nothing here score nothing, whatever the damping.
  const trace = matrix.trace();
  const lambda = trace === 0 ? 1 : damping(trace / Math.min(size, length), reach);
  matrix.addToDiagonal(lambda);
  matrix.factorize();
  const inverse = lastOfInverse(matrix, count);
  const apply = await sessions.get(`apply ${count}x${size}x${length}`, () => applyGraph(count, size, length));
  const { directions } = await apply.run<'directions'>({ inverse: Float32Array.from(inverse), x: root });
  const { rows, leverages } = rowsOf(inverse, count, lambda);
  return { directions: toLowBits(directions as Float32Array, length, bits), lambda, rows, leverages };
}

/**
 * sqrt(N) M X q of a gradient q into `out` at `offset`; float64 sums in a fixed order.
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

/** The columns of L's last block inverted, and each row's leverage, 1 - lambda |column|^2. */
function rowsOf(inverse: Float64Array, count: number, lambda: number): Pick<FittedDirections, 'rows' | 'leverages'> {
  const size = inverse.length / count;
  const leverages = new Float64Array(count);
  const rows = Array.from({ length: count }, (_, row) => {
    const column = Float64Array.from({ length: count }, (__, n) => inverse[n * size + size - count + row]!);
    const squares = column.reduce((sum, value) => sum + value * value, 0);
    leverages[row] = Math.max(0, 1 - lambda * squares);
    return column;
  });
  return { rows, leverages };
}

/** The last `count` lines of L^-1, [count, size], of a factorised matrix: z L = e for each of them, from the last column on. */
function lastOfInverse(matrix: MomentMatrix, count: number): Float64Array {
  const { size } = matrix;
  const lines = new Float64Array(count * size);
  for (let n = 0; n < count; n++) lines[n * size + size - count + n] = 1;
  const factor = new Float64Array(size);
  for (let k = size - 1; k >= 0; k--) {
    matrix.readFactorRow(k, factor);
    for (let n = Math.max(0, k - size + count); n < count; n++) {
      const line = lines.subarray(n * size, (n + 1) * size);
      const value = line[k]! / factor[k]!;
      line[k] = value;
      for (let j = 0; j < k; j++) line[j]! -= value * factor[j]!;
    }
  }
  return lines;
}

function gramGraph(size: number, length: number): BuiltGraph {
  const graph = new Graph('gram');
  const x = graph.input('x', 'f32', [size, length]);
  graph.output('products', gemm(x, x, { transB: true }));
  return graph.build();
}

function applyGraph(count: number, size: number, length: number): BuiltGraph {
  const graph = new Graph('apply');
  const inverse = graph.input('inverse', 'f32', [count, size]);
  graph.output('directions', gemm(inverse, graph.input('x', 'f32', [size, length])));
  return graph.build();
}
