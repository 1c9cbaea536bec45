/** Above this distance of the two best logits, another choice is a mistake. */
export const tieDistance = 1e-4;

export type GreedyComparison = {
  /** Tokens that the peer chose and that are held against ours. */
  tokens: number;
  equal: number;
  /** Other choices where our two best logits are within `tieDistance`. */
  ties: number;
  different: number;
};

/**
 * Holds a peer's greedy continuation against our logits over prompt and continuation: at each token, what we would have
 * chosen after the same ids. Both engines walk the same path as long as all are equal; after a tie ours follows the peer.
 *
 * @param logits our logits [T][V] over `promptTokens` ids of the prompt and then `chosen`
 */
export function compareGreedy(
  logits: readonly Float32Array[],
  promptTokens: number,
  chosen: readonly number[],
): GreedyComparison {
  const result: GreedyComparison = { tokens: chosen.length, equal: 0, ties: 0, different: 0 };
  for (const [i, id] of chosen.entries()) {
    const row = logits[promptTokens - 1 + i]!;
    const best = argmax(row);
    if (best === id) result.equal += 1;
    else if (row[best]! - row[id]! <= tieDistance) result.ties += 1;
    else result.different += 1;
  }
  return result;
}

/** Largest difference, as a share of the largest value of `b`: logits [T][V] of one sequence. */
export function relativeDistance(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number {
  let [difference, largest] = [0, 0];
  for (const [t, row] of b.entries()) {
    for (let i = 0; i < row.length; i++) {
      difference = Math.max(difference, Math.abs(a[t]![i]! - row[i]!));
      largest = Math.max(largest, Math.abs(row[i]!));
    }
  }
  return difference / largest;
}

function argmax(row: Float32Array): number {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[best]!) best = i;
  return best;
}
