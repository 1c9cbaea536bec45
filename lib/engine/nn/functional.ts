import { sumTo } from '../autodiff/vjp.ts';
import type { Value } from '../graph/builder.ts';
import {
  add,
  concat,
  div,
  expand,
  gather,
  gatherElements,
  gemm,
  log,
  mul,
  neg,
  reduceMax,
  reduceMean,
  reduceSum,
  reshape,
  scatterAdd,
  sigmoid,
  softmax,
  split,
  sqrt,
  sub,
} from '../graph/ops.ts';

/** x / sqrt(mean(x^2) + eps) * weight over the last axis. `weight` is [d]. (Zhang and Sennrich 2019, arXiv 1910.07467) */
export function rmsNorm(x: Value, weight: Value, eps: number): Value {
  const width = x.shape.at(-1)!;
  const { y, inverse } = x.graph.dialect === 'onnxruntime' ? fusedNorm(x, weight, eps) : plainNorm(x, weight, eps);
  // u = dy * w; dx = u * r - x * (r^3 / d) * sum(u * x): two passes fewer than the composed rules.
  return x.graph.composite('rmsNorm', [x, weight], y, (_node, [dy]) => {
    const u = mul(dy!, weight);
    const cube = mul(mul(inverse, inverse), mul(inverse, 1 / width));
    const dx = x.requiresGrad ? sub(mul(u, inverse), mul(x, mul(reduceSum(mul(u, x), [-1]), cube))) : null;
    return [dx, weight.requiresGrad ? sumTo(mul(dy!, mul(x, inverse)), weight.shape) : null];
  });
}

type Norm = { y: Value; inverse: Value };

function plainNorm(x: Value, weight: Value, eps: number): Norm {
  const inverse = div(x.graph.constant('f32', [], [1]), sqrt(add(reduceMean(mul(x, x), [-1]), eps)));
  return { y: mul(mul(x, inverse), weight), inverse };
}

/** One pass. The operator is onnxruntime's, though it stands in ONNX's domain. */
function fusedNorm(x: Value, weight: Value, epsilon: number): Norm {
  const types = [x, { dtype: x.dtype, shape: [...x.shape.slice(0, -1), 1] }];
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  const [y, inverse] = x.graph.emit('SimplifiedLayerNormalization', [x, weight], types, attributes);
  return { y: y!, inverse: inverse! };
}

/** x * sigmoid(x). */
export function silu(x: Value): Value {
  const gate = sigmoid(x);
  const y = mul(x, gate);
  return x.graph.composite('silu', [x], y, (_node, [dy]) => [mul(dy!, add(gate, sub(y, mul(y, gate))))]);
}

/**
 * Rotary position embedding (Su et al. 2021, arXiv 2104.09864) in Hugging Face's half-split form.
 *
 * @param x [..., hd]
 * @param cos broadcastable to x: cos of the angles, both halves alike
 * @param signedSin broadcastable to x: sin of the angles, negated in the first half
 */
export function rotary(x: Value, cos: Value, signedSin: Value): Value {
  const y = rotate(x, cos, signedSin);
  // The rotation by the opposite angle is the transpose.
  return x.graph.composite('rotary', [x], y, (_node, [dy]) => [rotate(dy!, cos, neg(signedSin))]);
}

/**
 * Next-token loss per row of a vocabulary projection: x [N, d], matrix [V, d], labels [N] (i32) -> [N].
 *
 * The passes over [N, V] are what costs beside the products. The exponentials are taken once, for loss and gradient: the
 * largest probability is at least 1/V, so its logarithm gives log(sum(exp)) without loss of precision. The cotangent, one
 * weight a row, is applied to [N, d], not to [N, V].
 */
export function projectedLoss(x: Value, matrix: Value, labels: Value): Value {
  const rows = x.shape[0]!;
  const index = reshape(labels, [rows, 1]);
  const logits = gemm(x, matrix, { transB: true });
  const probabilities = softmax(logits);
  const normaliser = sub(reduceMax(logits, [-1]), log(reduceMax(probabilities, [-1])));
  const loss = reshape(sub(normaliser, gatherElements(logits, index)), [rows]);
  return x.graph.composite('projectedLoss', [x, matrix], loss, (_node, [dy]) => {
    const column = reshape(dy!, [rows, 1]);
    // (probabilities - onehot) times a matrix: the one-hot part is a choice of rows, so it never touches [N, V].
    const dx = x.requiresGrad ? mul(sub(gemm(probabilities, matrix), gather(matrix, labels)), column) : null;
    if (!matrix.requiresGrad) return [dx, null];
    const scaled = mul(x, column);
    const at = expand(index, scaled.shape);
    return [dx, scatterAdd(gemm(probabilities, scaled, { transA: true }), at, neg(scaled), 0)];
  });
}

function rotate(x: Value, cos: Value, signedSin: Value): Value {
  const half = x.shape.at(-1)! / 2;
  if (x.graph.dialect === 'onnxruntime' && isTableOfPositions(x, cos)) return fusedRotate(x, cos, signedSin, half);
  const [first, second] = split(x, [half, half], -1) as [Value, Value];
  return add(mul(x, cos), mul(concat([second, first], -1), signedSin));
}

/** One row of angles a position, for all sequences and heads alike. */
function isTableOfPositions(x: Value, { shape }: Value): boolean {
  return x.shape.length === 4 && shape.join() === [1, 1, x.shape[2], x.shape[3]].join();
}

/** One pass in place of five; the halves of the tables are constants that the runtime folds. */
function fusedRotate(x: Value, cos: Value, signedSin: Value, half: number): Value {
  const table = (values: Value, part: number): Value =>
    reshape(split(values, [half, half], -1)[part]!, [x.shape[2]!, half]);
  const start = x.graph.constant('i64', [1], [0]);
  const inputs = [x, start, table(cos, 0), table(signedSin, 1)];
  return x.graph.emit('RotaryEmbedding', inputs, [x], { interleaved: 0 }, 'com.microsoft')[0]!;
}
