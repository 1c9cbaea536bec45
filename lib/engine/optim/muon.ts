import type { Graph, Value } from '../graph/builder.ts';
import { type Shape, sizeOf } from '../graph/builder.ts';
import { add, concat, div, matmul, mul, reduceSum, reshape, split, sqrt, sub, transpose } from '../graph/ops.ts';
import { type AdamWConfig, type AdamWState, adamW } from './adamw.ts';

export type MuonConfig = AdamWConfig & {
  /** Decay of the momentum of the matrices that Muon steps. */
  momentum: number;
};

/** One tensor inside the flat parameter vector, and who steps it. */
export type MuonTensor = { shape: Shape; isMuon: boolean };

/** Coefficients of the quintic Newton-Schulz iteration and how often it runs (Jordan et al. 2024). */
const [linear, cubic, quintic, iterations] = [3.4445, -4.775, 2.0315, 5];

/**
 * One step of Muon on hidden matrices and of AdamW on everything else, on flat vectors [P].
 *
 * Muon steps along the orthogonal factor of the momentum (Jordan et al. 2024, "Muon: an optimizer for hidden layers"),
 * found by Newton-Schulz iteration; the factor 0.2 * sqrt(larger side) makes its step as large as AdamW's, so that both
 * share learning rate and weight decay (Liu et al. 2025, arXiv 2502.16982). Matrices of one shape are stacked and
 * orthogonalised together. The second moment `v` of a Muon matrix is kept by AdamW's formula and not used.
 *
 * @param tensors what the vector holds, in order
 * @param decayMask [P], 1 where AdamW's weight decay applies; Muon matrices always decay
 */
export function muon(
  graph: Graph,
  state: AdamWState,
  gradient: Value,
  config: MuonConfig,
  tensors: readonly MuonTensor[],
  decayMask: Value,
): AdamWState & { gradNorm: Value } {
  const next = adamW(graph, state, gradient, config, decayMask);
  const sizes = tensors.map(({ shape }) => sizeOf(shape));
  const pieces = { theta: split(state.theta, sizes, 0), m: split(state.m, sizes, 0), g: split(gradient, sizes, 0) };
  const adamWPieces = { theta: split(next.theta, sizes, 0), m: split(next.m, sizes, 0) };
  const result = { theta: [...adamWPieces.theta], m: [...adamWPieces.m] };
  for (const [, members] of groupByShape(tensors)) {
    const { shape } = tensors[members[0]!]!;
    const stack = (values: Value[]): Value =>
      concat(
        members.map((i) => reshape(values[i]!, [1, ...shape])),
        0,
      );
    const theta = stack(pieces.theta);
    const g = stack(pieces.g);
    const m = add(mul(stack(pieces.m), config.momentum), g);
    const direction = orthogonalize(add(mul(m, config.momentum), g)); // Nesterov's look ahead
    const step = add(mul(direction, 0.2 * Math.sqrt(Math.max(...shape))), mul(theta, config.weightDecay));
    const nextTheta = sub(theta, mul(step, next.learningRate));
    const unstack = (value: Value): Value[] =>
      split(
        reshape(value, [members.length * sizeOf(shape)]),
        members.map(() => sizeOf(shape)),
        0,
      );
    const [thetas, ms] = [unstack(nextTheta), unstack(m)];
    for (const [k, i] of members.entries()) {
      result.theta[i] = thetas[k]!;
      result.m[i] = ms[k]!;
    }
  }
  return { theta: concat(result.theta, 0), m: concat(result.m, 0), v: next.v, gradNorm: next.gradNorm };
}

/** g [n, rows, cols] -> matrices of the same singular vectors with singular values near 1 (between 0.7 and 1.2). */
export function orthogonalize(g: Value): Value {
  const isTall = g.shape[1]! > g.shape[2]!;
  const wide = isTall ? transpose(g, [0, 2, 1]) : g;
  const norm = sqrt(reduceSum(mul(wide, wide), [1, 2]));
  let x = div(wide, add(norm, 1e-7));
  for (let i = 0; i < iterations; i++) {
    const gram = matmul(x, transpose(x, [0, 2, 1]));
    const polynomial = add(mul(gram, cubic), mul(matmul(gram, gram), quintic));
    x = add(mul(x, linear), matmul(polynomial, x));
  }
  return isTall ? transpose(x, [0, 2, 1]) : x;
}

function groupByShape(tensors: readonly MuonTensor[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [i, { shape, isMuon }] of tensors.entries()) {
    if (!isMuon) continue;
    groups.set(shape.join(), [...(groups.get(shape.join()) ?? []), i]);
  }
  return groups;
}
