import { createPermutation, createRandom } from '../../train/random.ts';

/** A random half of the rows, rounded up, in ascending order: a pure function of seed and number, as anybody can recompute. */
export function randomHalf(rows: number, seed: string, number: number): Int32Array {
  return createPermutation(rows, `${seed}|half|${number}`)
    .slice(0, Math.ceil(rows / 2))
    .sort();
}

/** +1 or -1 for each row: the direction in which smoothness is measured. */
export function randomSigns(rows: number, seed: string): Int8Array {
  const random = createRandom(`${seed}|direction`);
  return Int8Array.from({ length: rows }, () => (random() < 0.5 ? -1 : 1));
}
