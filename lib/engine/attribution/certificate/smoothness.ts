/**
 * Metasmoothness (Engstrom et al. 2025, arXiv 2503.13751) of a training along one direction of row weights: whether two steps
 * of that way change the outputs alike. 1: every output goes on as it began; 0: no relation; a chaotic run lies near 0.
 *
 * @param outputs what trainings at weights 1, 1 + h v and 1 + 2 h v gave, the same outputs in the same order
 */
export function metasmoothness(outputs: readonly [readonly number[], readonly number[], readonly number[]]): number {
  const [at, next, last] = outputs;
  let [agreeing, all] = [0, 0];
  for (let i = 0; i < at.length; i++) {
    const first = next[i]! - at[i]!;
    const second = last[i]! - next[i]!;
    agreeing += Math.abs(first) * Math.sign(first) * Math.sign(second);
    all += Math.abs(first);
  }
  return all > 0 ? agreeing / all : 0;
}
