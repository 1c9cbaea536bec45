import type { AdapterLayout } from '#lib/engine/lora/layout.ts';
import type { Method } from './method.ts';
import { dot, gram, products } from './vectors.ts';

type Blocks = readonly { offset: number; length: number }[];

/**
 * DataInf (Kwon et al., ICLR 2024, arXiv 2310.00902, equation 5), with the blocks and the damping of the authors' code
 * (github.com/ykwon0407/DataInf, src/influence.py, compute_hvp_proposed): each LoRA matrix is a block, lambda a tenth of the
 * mean of its squared gradients, and
 *
 *   score_k = sum_l (1/lambda_l) [ q_l.g_lk - (1/n) sum_i (q_l.g_li) (g_li.g_lk) / (lambda_l + |g_li|^2) ].
 *
 * The authors write it for losses and call a helpful row negative; with gradients of log p on both sides it is positive.
 */
export const dataInf: Method = {
  name: 'DataInf',
  score: ({ trainer, rowGradients, answerGradients }) =>
    dataInfScores(trainer.layout.entries satisfies AdapterLayout['entries'], rowGradients, answerGradients),
};

export function dataInfScores(
  blocks: Blocks,
  rows: readonly Float32Array[],
  queries: readonly Float32Array[],
): Float64Array[] {
  const scores = queries.map(() => new Float64Array(rows.length));
  const n = rows.length;
  for (const { offset, length } of blocks) {
    const end = offset + length;
    const squares = rows.map((row) => dot(row, row, offset, end));
    const lambda = (0.1 * squares.reduce((sum, square) => sum + square, 0)) / (n * length);
    if (lambda === 0) continue;
    const among = gram(rows, offset, end);
    for (const [q, direct] of products(queries, rows, offset, end).entries()) {
      const weights = direct.map((product, i) => product / (lambda + squares[i]!));
      for (let k = 0; k < n; k++) {
        let indirect = 0;
        for (let i = 0; i < n; i++) indirect += weights[i]! * among[k]![i]!;
        scores[q]![k]! += (direct[k]! - indirect / n) / lambda;
      }
    }
  }
  return scores;
}
