import { spearman } from './correlation.ts';

/**
 * Linear datamodeling score of one answer (Park et al. 2023, arXiv 2303.14186): how well the sum of the scores of the rows of
 * a subset ranks what models trained on those subsets say. Spearman's correlation over the subsets.
 *
 * @param scores [rows]; @param subsets kept rows as 0 and 1; @param truth log p of the answer by the model of each subset
 */
export function linearDatamodelingScore(
  scores: ArrayLike<number>,
  subsets: readonly Uint8Array[],
  truth: ArrayLike<number>,
): number {
  const predicted = subsets.map((kept) => {
    let sum = 0;
    for (let row = 0; row < kept.length; row++) if (kept[row] === 1) sum += scores[row]!;
    return sum;
  });
  return spearman(predicted, truth);
}
