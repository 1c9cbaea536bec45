import { GraphError, type GraphNode, type Shape, type Value, type VjpRule } from '../graph/builder.ts';
import {
  cast,
  concat,
  div,
  exp,
  expand,
  full,
  gemm,
  matmul,
  mul,
  neg,
  reduceSum,
  reshape,
  scatterAdd,
  split,
  sub,
  transpose,
} from '../graph/ops.ts';

/**
 * Vector-Jacobian products of the plain operators. Each rule emits ordinary ops, so a gradient is again ONNX.
 * A rule may emit work for an input that needs no gradient: `Graph.build` drops what nothing uses.
 */
export const vjpRules: Readonly<Record<string, VjpRule>> = {
  Add: binaryRule((dy) => [dy, dy]),
  Sub: binaryRule((dy) => [dy, neg(dy)]),
  Mul: binaryRule((dy, a, b) => [mul(dy, b), mul(dy, a)]),
  Div: binaryRule((dy, a, b) => [div(dy, b), neg(div(mul(dy, a), mul(b, b)))]),
  Neg: unaryRule((dy) => neg(dy)),
  Exp: unaryRule((dy, _x, y) => mul(dy, y)),
  Log: unaryRule((dy, x) => div(dy, x)),
  Sqrt: unaryRule((dy, _x, y) => div(mul(dy, 0.5), y)),
  Reciprocal: unaryRule((dy, _x, y) => neg(mul(dy, mul(y, y)))),
  Sigmoid: unaryRule((dy, _x, y) => mul(dy, sub(y, mul(y, y)))),
  Cast: unaryRule((dy, x) => cast(dy, x.dtype)),
  Identity: unaryRule((dy) => dy),
  Reshape: dataRule((dy, node) => reshape(dy, node.inputs[0]!.shape)),
  Transpose: dataRule((dy, node) => transpose(dy, inversePermutation(node.attributes.perm as number[]))),
  Expand: dataRule((dy, node) => sumTo(dy, node.inputs[0]!.shape)),
  ReduceSum: dataRule((dy, node) => expand(dy, node.inputs[0]!.shape)),
  ReduceMean: dataRule((dy, node) => {
    const [x, y] = [node.inputs[0]!, node.outputs[0]!];
    return expand(mul(dy, elements(y.shape) / elements(x.shape)), x.shape);
  }),
  Concat: (node, [dy]) => {
    const axis = node.attributes.axis as number;
    const sizes = node.inputs.map((input) => input.shape[axis]!);
    return split(dy!, sizes, axis);
  },
  Split: (node, cotangents) => {
    const pieces = node.outputs.map((output, i) => cotangents[i] ?? full(output, output.shape, 0));
    return [concat(pieces, node.attributes.axis as number), null];
  },
  // d softmax: y * (dy - sum(dy * y)).
  Softmax: unaryRule((dy, _x, y) => mul(y, sub(dy, reduceSum(mul(dy, y), [-1])))),
  LogSoftmax: unaryRule((dy, _x, y) => sub(dy, mul(exp(y), reduceSum(dy, [-1])))),
  MatMul: (node, [dy]) => {
    const [a, b] = node.inputs as [Value, Value];
    return [
      a.requiresGrad ? sumTo(matmul(dy!, swapLast(b)), a.shape) : null,
      b.requiresGrad ? sumTo(matmul(swapLast(a), dy!), b.shape) : null,
    ];
  },
  Gemm: (node, [dy]) => gemmRule(node, dy!),
  // Sequential ScatterElements and not ScatterND: repeated indices must add up in one fixed order.
  Gather: (node, [dy]) => {
    const [data, indices] = node.inputs as [Value, Value];
    const width = elements(data.shape.slice(1));
    const rows = elements(indices.shape);
    const at = expand(reshape(indices, [rows, 1]), [rows, width]);
    const zero = full(data, [data.shape[0]!, width], 0);
    return [reshape(scatterAdd(zero, at, reshape(dy!, [rows, width]), 0), data.shape), null];
  },
  GatherElements: (node, [dy]) => {
    const [data, indices] = node.inputs as [Value, Value];
    return [scatterAdd(full(data, data.shape, 0), indices, dy!, data.shape.length - 1), null];
  },
};

/** Sums a broadcast gradient back to the shape that was broadcast. */
export function sumTo(x: Value, shape: Shape): Value {
  if (x.shape.join() === shape.join()) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((dim, i) => (i < lead || (shape[i - lead] === 1 && dim !== 1) ? [i] : []));
  return reshape(reduceSum(x, axes), shape);
}

function gemmRule(node: GraphNode, dy: Value): (Value | null)[] {
  const [a, b] = node.inputs as [Value, Value];
  const transA = node.attributes.transA === 1;
  const transB = node.attributes.transB === 1;
  if (transA || node.inputs.length > 2 || node.attributes.alpha) {
    throw new GraphError('The gradient of gemm with transA, alpha or a summand is not needed and not defined.');
  }
  return [
    a.requiresGrad ? gemm(dy, b, { transB: !transB }) : null,
    b.requiresGrad ? (transB ? gemm(dy, a, { transA: true }) : gemm(a, dy, { transA: true })) : null,
  ];
}

function binaryRule(rule: (dy: Value, a: Value, b: Value) => [Value, Value]): VjpRule {
  return (node, [dy]) => {
    const [a, b] = node.inputs as [Value, Value];
    const [da, db] = rule(dy!, a, b);
    return [a.requiresGrad ? sumTo(da, a.shape) : null, b.requiresGrad ? sumTo(db, b.shape) : null];
  };
}

function unaryRule(rule: (dy: Value, x: Value, y: Value) => Value): VjpRule {
  return (node, [dy]) => [rule(dy!, node.inputs[0]!, node.outputs[0]!)];
}

function dataRule(rule: (dy: Value, node: GraphNode) => Value): VjpRule {
  return (node, [dy]) => [rule(dy!, node), null];
}

function swapLast(x: Value): Value {
  const rank = x.shape.length;
  const perm = x.shape.map((_, i) => (i < rank - 2 ? i : i === rank - 2 ? rank - 1 : rank - 2));
  return transpose(x, perm);
}

function inversePermutation(perm: readonly number[]): number[] {
  const inverse = new Array<number>(perm.length);
  for (const [to, from] of perm.entries()) inverse[from] = to;
  return inverse;
}

function elements(shape: Shape): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
