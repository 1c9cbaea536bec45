import type { Value } from '../graph/builder.ts';
import { add, gemm, matmul, mul, reshape, split, transpose } from '../graph/ops.ts';
import type { LinearHook } from '../nn/llama.ts';
import { loraScale } from './config.ts';
import type { AdapterEntry, AdapterLayout } from './layout.ts';

/** One adapter for the whole batch: theta [P]. Layers outside the layout keep their base output. */
export function sharedLoraHook(layout: AdapterLayout, theta: Value): LinearHook {
  const matrices = cut(layout, theta, 0, (piece, { shape }) => reshape(piece, shape));
  const scale = loraScale(layout.lora);
  return ({ layer, module, x, base }) => {
    const a = matrices.get(`${layer}.${module}.A`);
    const b = matrices.get(`${layer}.${module}.B`);
    if (!a || !b) return base;
    return add(base, gemm(mul(gemm(x, a, { transB: true }), scale), b, { transB: true }));
  };
}

/**
 * One adapter per row of the batch: theta [B, P], row b acts on the T consecutive rows of x that belong to sequence b.
 * Used for per-example gradients (all rows equal, gradient per row) and for serving mixed adapters in one batch.
 */
export function rowLoraHook(layout: AdapterLayout, theta: Value): LinearHook {
  const batch = theta.shape[0]!;
  const matrices = cut(layout, theta, 1, (piece, { shape }) => transpose(reshape(piece, [batch, ...shape]), [0, 2, 1]));
  const scale = loraScale(layout.lora);
  return ({ layer, module, x, base }) => {
    const a = matrices.get(`${layer}.${module}.A`);
    const b = matrices.get(`${layer}.${module}.B`);
    if (!a || !b) return base;
    const rows = reshape(x, [batch, -1, x.shape[1]!]);
    return add(base, reshape(matmul(mul(matmul(rows, a), scale), b), base.shape));
  };
}

function cut(
  layout: AdapterLayout,
  theta: Value,
  axis: number,
  form: (piece: Value, entry: AdapterEntry) => Value,
): Map<string, Value> {
  const sizes = layout.entries.map((entry) => entry.length);
  const pieces = split(theta, sizes, axis);
  return new Map(
    layout.entries.map((entry, i) => [`${entry.layer}.${entry.module}.${entry.part}`, form(pieces[i]!, entry)]),
  );
}
