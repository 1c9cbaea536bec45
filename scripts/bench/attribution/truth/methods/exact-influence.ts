import { gradientStrength } from '#lib/engine/attribution/at-strength.ts';
import { type AdapterLayout, initializeAdapter } from '#lib/engine/lora/layout.ts';
import { scaledAdapter } from '#lib/engine/lora/scaled-adapter.ts';
import { gradients } from '../example-passes.ts';
import type { Method } from './method.ts';
import { gram, products } from './vectors.ts';

/** The product's shares are made of nats in fixed point. */
const fixedPointOne = 2 ** 32;

type Block = { ranges: { offset: number; length: number }[] };

/**
 * What the product estimated before method 7, with nothing rounded or projected: per layer of B matrices
 * (1/N) q^T (F + lambda I)^-1 g, with the empirical Fisher F = (1/N) G^T G of the rows' own gradients and lambda = 1 / reach of the run.
 * By the push-through identity that is k^T (K + N lambda I)^-1 with K = G G^T and k = G q: N x N whatever the size. A row's gradient
 * is the mean of those at the start of the training and at the product's strength.
 */
export function exactInfluence(name: string): Method {
  return {
    name,
    score: async ({ trainer, theta, reach, answers, seed }) => {
      const at = scaledAdapter(trainer.layout, theta, gradientStrength);
      const start = initializeAdapter(trainer.layout, String(seed));
      const before = await gradients(trainer, start, trainer.train.examples);
      const rows = await gradients(trainer, at, trainer.train.examples);
      for (const [n, row] of rows.entries()) for (const i of row.keys()) row[i] = (row[i]! + before[n]![i]!) / 2;
      const queries = await gradients(
        trainer,
        at,
        answers.map(({ example }) => example),
      );
      const scores = exactInfluenceScores(blocksOf(trainer.layout), reach, rows, queries);
      return scores.map((line) => line.map((score) => score * fixedPointOne));
    },
  };
}

export function exactInfluenceScores(
  blocks: readonly Block[],
  reach: number,
  rows: readonly Float32Array[],
  queries: readonly Float32Array[],
): Float64Array[] {
  const scores = queries.map(() => new Float64Array(rows.length));
  for (const { ranges } of blocks) {
    const among = rows.map(() => new Float64Array(rows.length));
    const direct = queries.map(() => new Float64Array(rows.length));
    for (const { offset, length } of ranges) {
      addInto(among, gram(rows, offset, offset + length));
      addInto(direct, products(queries, rows, offset, offset + length));
    }
    for (const [i, line] of among.entries()) line[i]! += rows.length / reach;
    const factor = cholesky(among);
    for (const [q, line] of direct.entries()) {
      const solved = solveCholesky(factor, line);
      for (let i = 0; i < solved.length; i++) scores[q]![i]! += solved[i]!;
    }
  }
  return scores;
}

function blocksOf({ entries }: AdapterLayout): Block[] {
  const blocks: Block[] = [];
  for (const { layer, part, offset, length } of entries) {
    if (part === 'A') continue;
    blocks[layer] ??= { ranges: [] };
    blocks[layer].ranges.push({ offset, length });
  }
  return blocks;
}

function addInto(sum: readonly Float64Array[], more: readonly Float64Array[]): void {
  for (const [i, line] of more.entries()) for (let j = 0; j < line.length; j++) sum[i]![j]! += line[j]!;
}

/** Lower factor of a symmetric positive matrix. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] {
  const factor = matrix.map((line) => line.slice());
  for (let i = 0; i < factor.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = factor[i]![j]!;
      for (let k = 0; k < j; k++) sum -= factor[i]![k]! * factor[j]![k]!;
      factor[i]![j] = i === j ? Math.sqrt(sum) : sum / factor[j]![j]!;
    }
  }
  return factor;
}

function solveCholesky(factor: readonly Float64Array[], right: Float64Array): Float64Array {
  const x = right.slice();
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i]! -= factor[i]![k]! * x[k]!;
    x[i]! /= factor[i]![i]!;
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i]! -= factor[k]![i]! * x[k]!;
    x[i]! /= factor[i]![i]!;
  }
  return x;
}
