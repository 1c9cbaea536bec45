import type { Value } from '../graph/builder.ts';
import { add, gemm, matmul, mul, reshape, split, transpose } from '../graph/ops.ts';
import type { LinearHook } from '../nn/llama.ts';
import { loraScale } from './config.ts';
import type { AdapterLayout } from './layout.ts';

/**
 * LoRA for training, with one adapter for the whole batch and as few passes over the activations as there can be.
 *
 * With many rows the adapter is merged, y = x (W + s B A)^T: that costs a product of in * out * r, once forward and once
 * backward. With few it is a branch, y = x W^T + s (x A^T) B^T, accumulated onto the base's output. Either way what
 * remains are four thin products for the gradients of A and B.
 *
 * @param theta [P], what the layers compute with
 * @param leaf what gradients are taken with respect to: theta itself, or [B, P] made from it by repetition, whose row b
 * then gets the gradient of the T consecutive rows of x that belong to sequence b; or that by entry, [B, length] each, so that
 * gradients of some entries alone can be asked for and no others are computed
 */
export function trainingLoraHook(layout: AdapterLayout, theta: Value, leaf: Value | readonly Value[]): LinearHook {
  const sizes = layout.entries.map((entry) => entry.length);
  const pieces = split(theta, sizes, 0);
  const leaves = 'id' in leaf ? (leaf === theta ? pieces : split(leaf, sizes, 1)) : leaf;
  const at = new Map(layout.entries.map((entry, i) => [`${entry.layer}.${entry.module}.${entry.part}`, i]));
  const scale = loraScale(layout.lora);
  return ({ layer, module, x, weight, bias, base }) => {
    const [indexOfA, indexOfB] = [at.get(`${layer}.${module}.A`), at.get(`${layer}.${module}.B`)];
    if (indexOfA === undefined || indexOfB === undefined) return base;
    const a = reshape(pieces[indexOfA]!, layout.entries[indexOfA]!.shape);
    const b = reshape(pieces[indexOfB]!, layout.entries[indexOfB]!.shape);
    const [outputs, inputs] = weight.shape as [number, number];
    const isMerged = 2 * outputs * inputs <= x.shape[0]! * (outputs + inputs);
    const merged = isMerged ? gemm(b, a, { alpha: scale, plus: weight }) : null;
    const u = gemm(x, a, { transB: true });
    const product = merged
      ? gemm(x, merged, { transB: true })
      : gemm(u, b, { transB: true, alpha: scale, plus: gemm(x, weight, { transB: true }) });
    const output = bias ? add(product, bias) : product;
    const [leafA, leafB] = [leaves[indexOfA]!, leaves[indexOfB]!];
    return x.graph.composite('lora', [x, leafA, leafB], output, (_node, [dy]) => {
      const du = gemm(dy!, b);
      const dx = merged ? gemm(dy!, merged) : gemm(du, a, { alpha: scale, plus: gemm(dy!, weight) });
      return [
        x.requiresGrad ? dx : null,
        reshape(outerProducts(du, x, scale, leafA), leafA.shape),
        reshape(outerProducts(dy!, u, scale, leafB), leafB.shape),
      ];
    });
  };
}

/**
 * scale * left^T right, [N, p] and [N, q]: summed over all rows, or over the rows of each sequence where `leaf` has them.
 * The thin factor goes first and the result is turned: a product with 8 columns leaves half of a vector unit idle.
 */
function outerProducts(left: Value, right: Value, scale: number, leaf: Value): Value {
  const isTurned = right.shape[1]! < left.shape[1]!;
  const [thin, wide] = isTurned ? [right, left] : [left, right];
  if (leaf.shape.length === 1) {
    const product = gemm(thin, wide, { transA: true, alpha: scale });
    // In three dimensions, lest the runtime folds the turn into a product of the slow form.
    return isTurned ? transpose(reshape(product, [...product.shape, 1]), [1, 0, 2]) : product;
  }
  const batch = leaf.shape[0]!;
  const rows = transpose(mul(reshape(thin, [batch, -1, thin.shape[1]!]), scale), [0, 2, 1]);
  const product = matmul(rows, reshape(wide, [batch, -1, wide.shape[1]!]));
  return isTurned ? transpose(product, [0, 2, 1]) : product;
}
