import { createRandom } from '../train/random.ts';

/** Orthonormal vectors [n, count], a column each, and how much of the matrix lies along each; largest first. */
export type LeadingVectors = { values: Float64Array; vectors: Float64Array };

/** Two are as good as the exact eigenvectors where these span features: linear datamodeling scores differ by less than .001. */
const powerSteps = 2;
const sweeps = 12;
/** Part of the trace that counts as zero beside the diagonal: vectors are stored with 8 bits a number. */
const nothing = 1e-10;

/**
 * Approximate leading eigenvectors of a symmetric positive semidefinite matrix [n, n]: random signs, multiplied by the matrix
 * and made orthonormal, twice; then the eigenvectors within what they span (Halko, Martinsson and Tropp 2011, arXiv 0909.4061,
 * algorithms 4.4 and 5.3). Columns beyond the matrix's rank are zero. Float64 in a fixed order.
 */
export function leadingVectors(matrix: Float64Array, n: number, count: number, seed: string): LeadingVectors {
  const random = createRandom(seed);
  let columns: Float64Array[] = Array.from({ length: count }, () =>
    Float64Array.from({ length: n }, () => (random() < 0.5 ? -1 : 1)),
  );
  for (let step = 0; step < powerSteps; step++) columns = orthonormal(times(matrix, columns));
  const images = times(matrix, columns);
  const { values, vectors } = eigen(columns.map((column) => Float64Array.from(images, (image) => dot(column, image))));
  const order = [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b);
  const result = {
    values: Float64Array.from(order, (at) => Math.max(0, values[at]!)),
    vectors: new Float64Array(n * count),
  };
  for (const [place, at] of order.entries()) {
    for (const [j, column] of columns.entries()) {
      const weight = vectors[at]![j]!;
      for (let row = 0; row < n; row++) result.vectors[row * count + place]! += weight * column[row]!;
    }
  }
  return result;
}

/** The matrix [n, n] times each of the columns, four at a time. */
function times(matrix: Float64Array, columns: readonly Float64Array[]): Float64Array[] {
  const products = columns.map(({ length }) => new Float64Array(length));
  for (let first = 0; first < columns.length; first += 4) {
    const at = (k: number): number => Math.min(first + k, columns.length - 1);
    const [xa, xb, xc, xd] = [columns[at(0)]!, columns[at(1)]!, columns[at(2)]!, columns[at(3)]!];
    const [ya, yb, yc, yd] = [products[at(0)]!, products[at(1)]!, products[at(2)]!, products[at(3)]!];
    const n = xa.length;
    for (let row = 0; row < n; row++) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let i = 0; i < n; i++) {
        const value = matrix[row * n + i]!;
        a += value * xa[i]!;
        b += value * xb[i]!;
        c += value * xc[i]!;
        d += value * xd[i]!;
      }
      ya[row] = a;
      yb[row] = b;
      yc[row] = c;
      yd[row] = d;
    }
  }
  return products;
}

/** Gram and Schmidt, each column twice; one that the others already span becomes zero. */
function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const column of columns) {
    const before = dot(column, column);
    for (const other of [...done, ...done]) addTo(column, other, -dot(column, other));
    const squares = dot(column, column);
    const scale = squares > 1e-24 * before ? 1 / Math.sqrt(squares) : 0;
    done.push(column.map((value) => value * scale));
  }
  return done;
}

/** Eigenvalues and eigenvectors (one a row) of a small symmetric matrix, by cyclic Jacobi rotations. */
function eigen(matrix: readonly Float64Array[]): { values: Float64Array; vectors: Float64Array[] } {
  const a = matrix.map((row) => row.slice());
  const vectors = a.map((_, i) => Float64Array.from(a, (__, j) => (i === j ? 1 : 0)));
  const least = nothing * a.reduce((trace, row, i) => trace + row[i]!, 0);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let turned = 0;
    for (let p = 0; p < a.length; p++) {
      for (let q = p + 1; q < a.length; q++) {
        if (Math.abs(a[p]![q]!) <= least) continue;
        rotate(a, vectors, p, q);
        turned += 1;
      }
    }
    if (turned === 0) break;
  }
  return { values: Float64Array.from(a, (row, i) => row[i]!), vectors };
}

/** The rotation of p and q after which a[p][q] is zero (Golub and Van Loan, section 8.5.2). */
function rotate(a: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): void {
  const [app, aqq, apq] = [a[p]![p]!, a[q]![q]!, a[p]![q]!];
  const tau = (aqq - app) / (2 * apq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  const [rowP, rowQ] = [a[p]!, a[q]!];
  turn(rowP, rowQ, c, s);
  turn(vectors[p]!, vectors[q]!, c, s);
  // Turned from the left alone, which by symmetry is the whole of it but for these four elements.
  for (let k = 0; k < a.length; k++) {
    const row = a[k]!;
    row[p] = rowP[k]!;
    row[q] = rowQ[k]!;
  }
  rowP[p] = app - t * apq;
  rowQ[q] = aqq + t * apq;
  rowP[q] = rowQ[p] = 0;
}

function turn(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]!;
    const yi = y[i]!;
    x[i] = c * xi - s * yi;
    y[i] = s * xi + c * yi;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let [s, t, u, v] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    s += a[i]! * b[i]!;
    t += a[i + 1]! * b[i + 1]!;
    u += a[i + 2]! * b[i + 2]!;
    v += a[i + 3]! * b[i + 3]!;
  }
  for (; i < a.length; i++) s += a[i]! * b[i]!;
  return s + t + (u + v);
}

function addTo(target: Float64Array, other: Float64Array, weight: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += weight * other[i]!;
}
