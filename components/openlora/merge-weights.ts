import { wholePpm } from '#lib/model-factory/rules.ts';

/**
 * What the sliders stand at (0 to 100) as millionths that sum to 1,000,000; odd ones go to the largest remainders. Null while all stand at 0 or one
 * is too small to be anything. Pure.
 */
export function toPpm(sliders: readonly number[]): number[] | null {
  const sum = sliders.reduce((a, b) => a + b, 0);
  if (sum === 0 || sliders.some((value) => value <= 0)) return null;
  const exact = sliders.map((value) => (value * wholePpm) / sum);
  const floors = exact.map(Math.floor);
  const left = wholePpm - floors.reduce((a, b) => a + b, 0);
  const byRest = exact
    .map((value, i) => ({ i, rest: value - floors[i]! }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  for (const { i } of byRest.slice(0, left)) floors[i]! += 1;
  return floors;
}
