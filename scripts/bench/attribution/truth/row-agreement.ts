import { pearson, spearman } from './metrics/correlation.ts';

/** How well a method's scores of all rows say what one answer lost when each of them was left out. */
export type RowAgreement = { pearson: number; spearman: number; isTopRight: number; isInFirstThree: number };

const first = 3;

/**
 * @param scores a method's, [rows]
 * @param effects log p of the answer with all rows less log p without the row, [rows]. The row with the largest is the one to be found
 */
export function rowAgreement(scores: Float64Array, effects: Float64Array): RowAgreement {
  const strongest = effects.indexOf(Math.max(...effects));
  // Rows with the same score stand before it: who says nothing has not found it.
  const place = scores.filter((score, row) => row !== strongest && score >= scores[strongest]!).length;
  return {
    pearson: pearson(scores, effects),
    spearman: spearman(scores, effects),
    isTopRight: Number(place === 0),
    isInFirstThree: Number(place < first),
  };
}
