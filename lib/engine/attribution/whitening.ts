import { bfloatBitsFromFloats, floatsFromBfloatBits } from '../io/half-float.ts';
import { MomentMatrix } from './moment-matrix.ts';

/**
 * Damped Fisher of one layer's features and its Cholesky factor.
 *
 * F = (1/n) sum z z^T over some lines, F + lambda I = L L^T, lambda as `damping` says. Then v = L^-1 z has
 * v.v' = z^T (F + lambda I)^-1 z', and |v|^2 / N is the row's leverage. Rows count in F themselves, so that it is at most 1:
 * no outlier can buy an unbounded score.
 *
 * L is rounded to 8 bits a number, which halves what small indexes weigh: row and query meet the same L, so that this is the
 * inverse of a Fisher that is off by as little. It moved scores by 0.25 % and their linear datamodeling score not at all.
 */
export type Whitening = {
  /** Lower triangle, row by row: L[i][j] at i (i + 1) / 2 + j. As it is stored, in bfloat16, so that stored and used are one. */
  factor: Float32Array;
  size: number;
  lambda: number;
};

/**
 * lambda = 1 / reach (see `trainingReach`): the inverse that the run itself came to. On real rows, on a smooth run that stops far
 * from its optimum and on rows learnt by heart it scores as well as the best constant of each, which are .1, 1 to 3 and .1 x the mean
 * non-zero eigenvalue tr(F) / min(N, k) (docs/engine-log.md). Where the reach is not known, .3 x that eigenvalue; never under a
 * hundredth of it, so that L stands its rounding.
 */
export function damping(meanEigenvalue: number, reach: number | undefined): number {
  return reach === undefined ? 0.3 * meanEigenvalue : Math.max(1 / reach, 0.01 * meanEigenvalue);
}

/**
 * Fits the whitening of features `offset`..`offset + size` of `rows` [n, dims], the lines of F, in float64 and their order.
 * A layer that nothing moves (all features zero) gives the identity.
 * @param reach of the run; undefined: not known
 */
export function fitWhitening(
  rows: Float32Array,
  dims: number,
  { offset, size }: { offset: number; size: number },
  reach?: number,
): Whitening {
  const count = rows.length / dims;
  const matrix = new MomentMatrix(size);
  matrix.addRows(rows, dims, offset);
  matrix.divide(count);
  const trace = matrix.trace();
  if (trace === 0) return { factor: identityTriangle(size), size, lambda: 1 };
  const lambda = damping(trace / Math.min(count, size), reach);
  matrix.addToDiagonal(lambda);
  matrix.factorize();
  return { factor: floatsFromBfloatBits(bfloatBitsFromFloats(matrix.packedLower())), size, lambda };
}

/** Vectors that `whiten` takes at a time: as many independent sums as keep a processor busy. */
export const whitenedAtOnce = 4;

/**
 * v = L^-1 z by forward substitution, in float64, of up to four vectors: from `features[n]` at `offset` into `out[n]` at
 * `offset`. A vector's result does not depend on which others go with it: each row is summed in one order.
 */
export function whiten(
  whitening: Whitening,
  features: readonly Float32Array[],
  out: readonly Float64Array[],
  offset: number,
): void {
  if (features.length === 1) whitenOne(whitening, features[0]!, out[0]!, offset);
  else whitenFour(whitening, features, out, offset);
}

function whitenFour(
  { factor, size }: Whitening,
  features: readonly Float32Array[],
  out: readonly Float64Array[],
  offset: number,
): void {
  const at = (n: number): number => Math.min(n, features.length - 1);
  const [za, zb, zc, zd] = [features[0]!, features[at(1)]!, features[at(2)]!, features[at(3)]!];
  const [va, vb, vc, vd] = [out[0]!, out[at(1)]!, out[at(2)]!, out[at(3)]!];
  for (let i = 0; i < size; i++) {
    const row = triangle(i);
    let a = za[offset + i]!;
    let b = zb[offset + i]!;
    let c = zc[offset + i]!;
    let d = zd[offset + i]!;
    for (let j = 0; j < i; j++) {
      const l = factor[row + j]!;
      a -= l * va[offset + j]!;
      b -= l * vb[offset + j]!;
      c -= l * vc[offset + j]!;
      d -= l * vd[offset + j]!;
    }
    const diagonal = factor[row + i]!;
    va[offset + i] = a / diagonal;
    vb[offset + i] = b / diagonal;
    vc[offset + i] = c / diagonal;
    vd[offset + i] = d / diagonal;
  }
}

/** Four rows of one vector at a time, as far as all four go. */
function whitenOne({ factor, size }: Whitening, z: Float32Array, v: Float64Array, offset: number): void {
  for (let i = 0; i < size; i += 4) {
    const [ra, rb, rc, rd] = [triangle(i), triangle(i + 1), triangle(i + 2), triangle(i + 3)];
    let [a, b, c, d] = [z[offset + i]!, z[offset + i + 1]!, z[offset + i + 2]!, z[offset + i + 3]!];
    for (let j = 0; j < i; j++) {
      const value = v[offset + j]!;
      a -= factor[ra + j]! * value;
      b -= factor[rb + j]! * value;
      c -= factor[rc + j]! * value;
      d -= factor[rd + j]! * value;
    }
    const sums = [a, b, c, d];
    for (let row = i; row < Math.min(size, i + 4); row++) {
      let sum = sums[row - i]!;
      for (let j = i; j < row; j++) sum -= factor[triangle(row) + j]! * v[offset + j]!;
      v[offset + row] = sum / factor[triangle(row) + row]!;
    }
  }
}

/**
 * Makes a row that the Fisher was not taken over count in it, for its own score only: with F + z z^T / N in place of F, v.v'
 * becomes v.v' / (1 + |v|^2 / N) (Sherman and Morrison). Its leverage stays under 1 as that of the others, so that a sample
 * opens no door to outliers. Scales a layer's v in `out`.
 */
export function countRowIn({ size }: Whitening, out: Float64Array, offset: number, rows: number): void {
  let squares = 0;
  for (let i = offset; i < offset + size; i++) squares += out[i]! * out[i]!;
  const scale = 1 / (1 + squares / rows);
  for (let i = offset; i < offset + size; i++) out[i]! *= scale;
}

/** Index of the first element of row i in a packed lower triangle. */
export function triangle(i: number): number {
  return (i * (i + 1)) / 2;
}

function identityTriangle(size: number): Float32Array {
  const factor = new Float32Array(triangle(size));
  for (let i = 0; i < size; i++) factor[triangle(i) + i] = 1;
  return factor;
}
