import type { DType } from '../onnx/encode.ts';
import { GraphError, type Shape, sizeOf, type Value } from './builder.ts';

/** An operand that may be given as a number; it becomes a scalar constant of the other operand's dtype. */
export type Operand = Value | number;

// --- elementwise -----------------------------------------------------------------------------------------------------

export const add = (a: Value, b: Operand): Value => binary('Add', a, b);
export const sub = (a: Value, b: Operand): Value => binary('Sub', a, b);
export const mul = (a: Value, b: Operand): Value => binary('Mul', a, b);
export const div = (a: Value, b: Operand): Value => binary('Div', a, b);
/** Elementwise maximum and minimum; not differentiable here, used outside the loss. */
export const maximum = (a: Value, b: Operand): Value => binary('Max', a, b);
export const minimum = (a: Value, b: Operand): Value => binary('Min', a, b);
export const neg = (x: Value): Value => unary('Neg', x);
export const exp = (x: Value): Value => unary('Exp', x);
export const log = (x: Value): Value => unary('Log', x);
export const sqrt = (x: Value): Value => unary('Sqrt', x);
export const reciprocal = (x: Value): Value => unary('Reciprocal', x);
export const sigmoid = (x: Value): Value => unary('Sigmoid', x);

/** Changes the element type. Codes as in `TensorProto.DataType`. */
export function cast(x: Value, dtype: DType): Value {
  const codes = { f32: 1, i32: 6, i64: 7, bool: 9 };
  return x.graph.emit('Cast', [x], [{ dtype, shape: x.shape }], { to: codes[dtype] })[0]!;
}

// --- shape -----------------------------------------------------------------------------------------------------------

/** Reinterprets the row-major elements; at most one dimension may be -1. */
export function reshape(x: Value, shape: Shape): Value {
  const known = shape.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  const resolved = shape.map((dim) => (dim === -1 ? sizeOf(x.shape) / known : dim));
  if (sizeOf(resolved) !== sizeOf(x.shape)) throw new GraphError(`Cannot reshape [${x.shape}] to [${shape}].`);
  if (resolved.length === x.shape.length && resolved.every((dim, i) => dim === x.shape[i])) return x;
  return x.graph.emit('Reshape', [x, int64s(x, resolved)], [{ dtype: x.dtype, shape: resolved }])[0]!;
}

export function transpose(x: Value, perm: readonly number[]): Value {
  if (perm.length !== x.shape.length) throw new GraphError(`Permutation [${perm}] does not fit shape [${x.shape}].`);
  const shape = perm.map((axis) => x.shape[axis]!);
  return x.graph.emit('Transpose', [x], [{ dtype: x.dtype, shape }], { perm })[0]!;
}

/** Repeats dimensions of size 1 (and leading missing ones) to `shape`. */
export function expand(x: Value, shape: Shape): Value {
  if (broadcastShapes(x.shape, shape).join() !== shape.join()) {
    throw new GraphError(`Cannot expand [${x.shape}] to [${shape}].`);
  }
  return x.graph.emit('Expand', [x, int64s(x, shape)], [{ dtype: x.dtype, shape }])[0]!;
}

export function concat(values: readonly Value[], axis: number): Value {
  const first = values[0];
  if (!first) throw new GraphError('concat needs at least one value.');
  if (values.length === 1) return first;
  const at = positiveAxis(axis, first.shape.length);
  const total = values.reduce((sum, value) => sum + value.shape[at]!, 0);
  const shape = first.shape.map((dim, i) => (i === at ? total : dim));
  return first.graph.emit('Concat', values, [{ dtype: first.dtype, shape }], { axis: at })[0]!;
}

/** Cuts `x` along `axis` into pieces of the given sizes, which must sum to the dimension. */
export function split(x: Value, sizes: readonly number[], axis: number): Value[] {
  const at = positiveAxis(axis, x.shape.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== x.shape[at])
    throw new GraphError(`Split sizes sum to ${total}, not to ${x.shape[at]} of [${x.shape}].`);
  if (sizes.length === 1) return [x];
  const types = sizes.map((size) => ({ dtype: x.dtype, shape: x.shape.map((dim, i) => (i === at ? size : dim)) }));
  return x.graph.emit('Split', [x, int64s(x, sizes)], types, { axis: at });
}

/** The first `length` elements along `axis`; not differentiable here, used inside composites. */
export function firstOf(x: Value, length: number, axis: number): Value {
  const at = positiveAxis(axis, x.shape.length);
  if (length === x.shape[at]) return x;
  const shape = x.shape.map((dim, i) => (i === at ? length : dim));
  const [start, end, axes] = [[0], [length], [at]].map((numbers) => int64s(x, numbers)) as [Value, Value, Value];
  return x.graph.emit('Slice', [x, start, end, axes], [{ dtype: x.dtype, shape }])[0]!;
}

// --- reductions ------------------------------------------------------------------------------------------------------

/** Sum over `axes`; reduced dimensions stay with size 1. */
export const reduceSum = (x: Value, axes: readonly number[]): Value => reduce('ReduceSum', x, axes);
export const reduceMean = (x: Value, axes: readonly number[]): Value => reduce('ReduceMean', x, axes);
export const reduceMax = (x: Value, axes: readonly number[]): Value => reduce('ReduceMax', x, axes);

/** Sum of everything, as shape []. */
export function sumAll(x: Value): Value {
  return reshape(
    reduceSum(
      x,
      x.shape.map((_, axis) => axis),
    ),
    [],
  );
}

/** Softmax over the last axis. */
export const softmax = (x: Value): Value => x.graph.emit('Softmax', [x], [x], { axis: -1 })[0]!;
/** log(softmax) over the last axis. */
export const logSoftmax = (x: Value): Value => x.graph.emit('LogSoftmax', [x], [x], { axis: -1 })[0]!;

// --- products --------------------------------------------------------------------------------------------------------

/** Batched matrix product [..., n, k] x [..., k, m] with broadcasting of the leading dimensions. */
export function matmul(a: Value, b: Value): Value {
  const [n, k] = a.shape.slice(-2);
  const [k2, m] = b.shape.slice(-2);
  if (n === undefined || k === undefined || m === undefined || k !== k2) {
    throw new GraphError(`matmul of [${a.shape}] and [${b.shape}] does not fit.`);
  }
  const shape = [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), n, m];
  return a.graph.emit('MatMul', [a, b], [{ dtype: a.dtype, shape }])[0]!;
}

export type GemmOptions = {
  transA?: boolean;
  transB?: boolean;
  /** Factor of the product. */
  alpha?: number;
  /** Added to the product; of its shape. */
  plus?: Value;
};

/** alpha * op(a) x op(b) + plus for matrices; the transposed forms cost no copy, unlike Transpose + MatMul. */
export function gemm(a: Value, b: Value, { transA = false, transB = false, alpha = 1, plus }: GemmOptions = {}): Value {
  const [n, k] = transA ? [a.shape[1], a.shape[0]] : a.shape;
  const [k2, m] = transB ? [b.shape[1], b.shape[0]] : b.shape;
  if (a.shape.length !== 2 || b.shape.length !== 2 || k !== k2) {
    throw new GraphError(`gemm of [${a.shape}]${transA ? "'" : ''} and [${b.shape}]${transB ? "'" : ''} does not fit.`);
  }
  if (plus && plus.shape.join() !== [n, m].join()) {
    throw new GraphError(`gemm to [${n},${m}] cannot add [${plus.shape}].`);
  }
  const attributes = {
    transA: transA ? 1 : 0,
    transB: transB ? 1 : 0,
    ...(alpha !== 1 && { alpha: { float: alpha } }),
  };
  return a.graph.emit('Gemm', plus ? [a, b, plus] : [a, b], [{ dtype: a.dtype, shape: [n!, m!] }], attributes)[0]!;
}

// --- indexing --------------------------------------------------------------------------------------------------------

/** Rows of `data` [V, ...] at `indices` (i32 or i64, any shape) -> [...indices, ...]. */
export function gather(data: Value, indices: Value): Value {
  const shape = [...indices.shape, ...data.shape.slice(1)];
  return data.graph.emit('Gather', [data, indices], [{ dtype: data.dtype, shape }], { axis: 0 })[0]!;
}

/** out[i][j] = data[i][indices[i][j]] over the last axis; `indices` has the rank of `data`. */
export function gatherElements(data: Value, indices: Value): Value {
  const attributes = { axis: data.shape.length - 1 };
  return data.graph.emit(
    'GatherElements',
    [data, indices],
    [{ dtype: data.dtype, shape: indices.shape }],
    attributes,
  )[0]!;
}

/** `data` with `updates` added at `indices` along `axis`. Sequential in the runtime, hence deterministic. */
export function scatterAdd(data: Value, indices: Value, updates: Value, axis: number): Value {
  return data.graph.emit('ScatterElements', [data, indices, updates], [data], { axis, reduction: 'add' })[0]!;
}

// --- helpers ---------------------------------------------------------------------------------------------------------

/** NumPy broadcasting. @throws GraphError where two dimensions differ and neither is 1. */
export function broadcastShapes(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new GraphError(`Shapes [${a}] and [${b}] do not broadcast.`);
    return x === 1 ? y : x;
  });
}

/** A tensor of equal elements, stored as one number. */
export function full(like: Value, shape: Shape, value: number): Value {
  return expand(like.graph.constant('f32', [], [value]), shape);
}

function unary(op: string, x: Value): Value {
  return x.graph.emit(op, [x], [x])[0]!;
}

function binary(op: string, a: Value, b: Operand): Value {
  const right = typeof b === 'number' ? a.graph.constant(a.dtype, [], [b]) : b;
  const shape = broadcastShapes(a.shape, right.shape);
  return a.graph.emit(op, [a, right], [{ dtype: a.dtype, shape }])[0]!;
}

function reduce(op: string, x: Value, axes: readonly number[]): Value {
  const reduced = axes.map((axis) => positiveAxis(axis, x.shape.length));
  const shape = x.shape.map((dim, i) => (reduced.includes(i) ? 1 : dim));
  if (reduced.length === 0) return x;
  return x.graph.emit(op, [x, int64s(x, reduced)], [{ dtype: x.dtype, shape }], { keepdims: 1 })[0]!;
}

function positiveAxis(axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis;
  if (at < 0 || at >= rank) throw new GraphError(`Axis ${axis} is out of range for rank ${rank}.`);
  return at;
}

function int64s(like: Value, numbers: readonly number[]): Value {
  return like.graph.constant('i64', [numbers.length], numbers);
}
