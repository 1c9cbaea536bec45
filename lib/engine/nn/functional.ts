import { sumTo } from '../autodiff/vjp.ts';
import type { Value } from '../graph/builder.ts';
import {
  add,
  concat,
  div,
  full,
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
  const inverse = div(x.graph.constant('f32', [], [1]), sqrt(add(reduceMean(mul(x, x), [-1]), eps)));
  const normal = mul(x, inverse);
  // u = dy * w; dx = u * r - x * (r^3 / d) * sum(u * x): two passes fewer than the composed rules.
  return x.graph.composite('rmsNorm', [x, weight], mul(normal, weight), (_node, [dy]) => {
    const u = mul(dy!, weight);
    const cube = mul(mul(inverse, inverse), mul(inverse, 1 / width));
    const dx = x.requiresGrad ? sub(mul(u, inverse), mul(x, mul(reduceSum(mul(u, x), [-1]), cube))) : null;
    return [dx, weight.requiresGrad ? sumTo(mul(dy!, normal), weight.shape) : null];
  });
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
    const residual = scatterAdd(probabilities, index, full(x, [rows, 1], -1), 1);
    return [
      x.requiresGrad ? mul(gemm(residual, matrix), column) : null,
      matrix.requiresGrad ? gemm(residual, mul(x, column), { transA: true }) : null,
    ];
  });
}

function rotate(x: Value, cos: Value, signedSin: Value): Value {
  const half = x.shape.at(-1)! / 2;
  const [first, second] = split(x, [half, half], -1) as [Value, Value];
  return add(mul(x, cos), mul(concat([second, first], -1), signedSin));
}
