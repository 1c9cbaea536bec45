/**
 * Whether at most `limit` words have to be put in, left out or replaced to make one list the other (Levenshtein, within a
 * band of the table: O(words x limit)).
 */
export function isWithinEdits(a: Int32Array, b: Int32Array, limit: number): boolean {
  if (Math.abs(a.length - b.length) > limit) return false;
  const width = 2 * limit + 1;
  const never = limit + 1;
  // costs[d]: from the first i words of a to the first i + d - limit words of b.
  let costs = Int32Array.from({ length: width }, (_, d) => (d < limit ? never : d - limit));
  for (let i = 1; i <= a.length; i++) {
    const next = new Int32Array(width).fill(never);
    for (let d = 0; d < width; d++) {
      const j = i + d - limit;
      if (j < 0 || j > b.length) continue;
      const replaced = j === 0 ? never : costs[d]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const leftOut = d + 1 < width ? costs[d + 1]! + 1 : never;
      const putIn = d > 0 ? next[d - 1]! + 1 : never;
      next[d] = Math.min(replaced, leftOut, putIn, never);
    }
    costs = next;
  }
  return costs[b.length - a.length + limit]! <= limit;
}
