import { type BuiltGraph, Graph } from '../graph/builder.ts';
import { gemm, sub } from '../graph/ops.ts';
import type { SessionCache } from '../runtime/session-cache.ts';
import { MomentMatrix } from './moment-matrix.ts';
import { damping } from './whitening.ts';

/**
 * The damped Fisher of one layer, ready to divide by. With X [n, P] its root, F = X^T X, and L L^T = X X^T + lambda I, the lines are
 * Z = L^-1 X, and (F + lambda I)^-1 g = (g - Z^T Z g) / lambda (push-through identity), whatever P is.
 */
export type SolvedFisher = { lines: Float32Array; length: number; lambda: number };

/** Lines that are multiplied or solved at a time. */
const linesAtOnce = 256;

/**
 * Takes a root X [n, length] and puts Z in its place. Products in float32, the factor in float64 in a fixed order.
 * @param reach see `trainingReach`; undefined: not known
 */
export async function solveFisher(
  root: Float32Array,
  length: number,
  sessions: SessionCache,
  reach: number | undefined,
): Promise<SolvedFisher> {
  const matrix = new MomentMatrix(root.length / length);
  await fillProducts(matrix, root, length, sessions);
  // Rows that move nothing here score nothing, whatever the damping.
  const trace = matrix.trace();
  const lambda = trace === 0 ? 1 : damping(trace / Math.min(matrix.size, length), reach);
  matrix.addToDiagonal(lambda);
  matrix.factorize();
  await substitute(matrix, root, length, sessions);
  return { lines: root, length, lambda };
}

/**
 * sqrt(lambda) (F + lambda I)^-1 g of gradients [count, length]: as large beside g / sqrt(lambda), which an answer's gradient becomes, as
 * what it is multiplied with. Valid until the next call.
 */
export async function divideByFisher(
  { lines, length, lambda }: SolvedFisher,
  gradients: Float32Array,
  sessions: SessionCache,
): Promise<Float32Array> {
  const [count, size] = [gradients.length / length, lines.length / length];
  const key = `divide ${count}x${size}x${length}`;
  const session = await sessions.get(key, () => divisionGraph(count, size, length));
  const { solved } = await session.run<'solved'>({ gradients, lines });
  const values = solved as Float32Array;
  const scale = 1 / Math.sqrt(lambda);
  for (let i = 0; i < values.length; i++) values[i]! *= scale;
  return values;
}

/** X X^T: what lies below the diagonal is only computed within as many lines as go at once. */
async function fillProducts(
  matrix: MomentMatrix,
  lines: Float32Array,
  length: number,
  sessions: SessionCache,
): Promise<void> {
  for (let first = 0; first < matrix.size; first += linesAtOnce) {
    const [count, left] = [Math.min(linesAtOnce, matrix.size - first), matrix.size - first];
    const session = await sessions.get(`products ${count}x${left}x${length}`, () => productsGraph(count, left, length));
    const x = lines.subarray(first * length, (first + count) * length);
    const { products } = await session.run<'products'>({ x, all: lines.subarray(first * length) });
    matrix.fill(products as Float32Array, first);
  }
}

/** Z = L^-1 X in place, forward, block by block of L's lines. */
async function substitute(
  matrix: MomentMatrix,
  lines: Float32Array,
  length: number,
  sessions: SessionCache,
): Promise<void> {
  const row = new Float64Array(matrix.size);
  for (let first = 0; first < matrix.size; first += linesAtOnce) {
    const count = Math.min(linesAtOnce, matrix.size - first);
    const left = new Float32Array(count * first);
    const own = new Float64Array(count * count);
    for (let i = 0; i < count; i++) {
      matrix.readFactorRow(first + i, row);
      left.set(row.subarray(0, first), i * first);
      own.set(row.subarray(first, first + i + 1), i * count);
    }
    const key = `substitute ${count}x${first}x${length}`;
    const session = await sessions.get(key, () => substitutionGraph(count, first, length));
    const x = lines.subarray(first * length, (first + count) * length);
    const inverse = Float32Array.from(inverseOf(own, count));
    const { solved } = await session.run<'solved'>({
      ...{ inverse, x },
      ...(first > 0 && { left, before: lines.subarray(0, first * length) }),
    });
    x.set(solved as Float32Array);
  }
}

/** Of a lower triangular matrix [size, size], column by column. */
function inverseOf(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= lower[i * size + k]! * inverse[k * size + j]!;
      inverse[i * size + j] = sum / lower[i * size + i]!;
    }
  }
  return inverse;
}

function productsGraph(count: number, left: number, length: number): BuiltGraph {
  const graph = new Graph('products');
  const x = graph.input('x', 'f32', [count, length]);
  graph.output('products', gemm(x, graph.input('all', 'f32', [left, length]), { transB: true }));
  return graph.build();
}

function substitutionGraph(count: number, first: number, length: number): BuiltGraph {
  const graph = new Graph('substitution');
  const inverse = graph.input('inverse', 'f32', [count, count]);
  const x = graph.input('x', 'f32', [count, length]);
  const rest =
    first === 0
      ? x
      : sub(x, gemm(graph.input('left', 'f32', [count, first]), graph.input('before', 'f32', [first, length])));
  graph.output('solved', gemm(inverse, rest));
  return graph.build();
}

function divisionGraph(count: number, size: number, length: number): BuiltGraph {
  const graph = new Graph('division');
  const gradients = graph.input('gradients', 'f32', [count, length]);
  const lines = graph.input('lines', 'f32', [size, length]);
  graph.output('solved', sub(gradients, gemm(gemm(gradients, lines, { transB: true }), lines)));
  return graph.build();
}
