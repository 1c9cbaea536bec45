/**
 * Damped empirical Fisher of one layer's features and its Cholesky factor.
 *
 * F = (1/N) sum z z^T over the training rows, lambda = 0.1 tr(F) / min(N, k) (0.1 x the mean non-zero eigenvalue, the rule
 * of Kronfluence, LogIX and Bergson), F + lambda I = L L^T. Then v = L^-1 z has v.v' = z^T (F + lambda I)^-1 z', and
 * |v|^2 / N is the row's leverage, at most 1: no outlier can buy an unbounded score.
 */
export type Whitening = {
  /** Lower triangle, row by row: L[i][j] at i (i + 1) / 2 + j. Float32, so that stored and used factor are one. */
  factor: Float32Array;
  size: number;
  lambda: number;
};

const damping = 0.1;

/**
 * Fits the whitening of features `offset`..`offset + size` of `rows` [N, dims], in float64 and row order.
 * A layer that no row moves (all features zero) gives the identity.
 */
export function fitWhitening(
  rows: Float32Array,
  dims: number,
  { offset, size }: { offset: number; size: number },
): Whitening {
  const count = rows.length / dims;
  const matrix = secondMoments(rows, dims, offset, size);
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[triangle(i) + i]!;
  if (trace === 0) return { factor: identityTriangle(size), size, lambda: 1 };
  const lambda = (damping * trace) / Math.min(count, size);
  for (let i = 0; i < size; i++) matrix[triangle(i) + i]! += lambda;
  factorize(matrix, size);
  return { factor: Float32Array.from(matrix), size, lambda };
}

/** v = L^-1 z by forward substitution, from `features` at `offset` into `out` at `offset`. Float64. */
export function whiten({ factor, size }: Whitening, features: Float32Array, out: Float64Array, offset: number): void {
  for (let i = 0; i < size; i++) {
    const row = triangle(i);
    let sum = features[offset + i]!;
    for (let j = 0; j < i; j++) sum -= factor[row + j]! * out[offset + j]!;
    out[offset + i] = sum / factor[row + i]!;
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

function secondMoments(rows: Float32Array, dims: number, offset: number, size: number): Float64Array {
  const count = rows.length / dims;
  const matrix = new Float64Array(triangle(size));
  for (let n = 0; n < count; n++) {
    const start = n * dims + offset;
    for (let i = 0; i < size; i++) {
      const value = rows[start + i]!;
      if (value === 0) continue;
      const row = triangle(i);
      for (let j = 0; j <= i; j++) matrix[row + j]! += value * rows[start + j]!;
    }
  }
  for (let i = 0; i < matrix.length; i++) matrix[i]! /= count;
  return matrix;
}

/** In-place Cholesky of a packed lower triangle, row by row. */
function factorize(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    const row = triangle(i);
    for (let j = 0; j <= i; j++) {
      const other = triangle(j);
      let sum = matrix[row + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[row + k]! * matrix[other + k]!;
      matrix[row + j] = i === j ? Math.sqrt(sum) : sum / matrix[other + j]!;
    }
  }
}

function identityTriangle(size: number): Float32Array {
  const factor = new Float32Array(triangle(size));
  for (let i = 0; i < size; i++) factor[triangle(i) + i] = 1;
  return factor;
}
