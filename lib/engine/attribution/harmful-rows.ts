/** Rows that an answer's harm record names at most. */
const harmfulMax = 50;

/**
 * Of the rows that made an answer less likely by more than the noise, the strongest, at most 50. Negative influence never
 * earns and is never netted; it is for people to look at.
 *
 * @param below rows under three negative sigma, in order: `noiseCut` finds them
 * @returns the lowest score first; ties in index order
 */
export function harmfulRows(scores: BigInt64Array, below: readonly number[]): number[] {
  return below
    .toSorted((a, b) => (scores[a]! < scores[b]! ? -1 : scores[a]! > scores[b]! ? 1 : a - b))
    .slice(0, harmfulMax);
}
