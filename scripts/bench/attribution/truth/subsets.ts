import { createPermutation } from '#lib/engine/train/random.ts';

/** Rows that are kept, as 0 and 1. */
export type Kept = Uint8Array;

/** A random half of the rows; a function of the number alone, so that all seeds and methods are held against the same. */
export function halfOfRows(rows: number, subset: number): Kept {
  const kept = new Uint8Array(rows);
  for (const row of createPermutation(rows, `half of rows|${subset}`).subarray(0, rows >> 1)) kept[row] = 1;
  return kept;
}

/** All rows of a random half of the contributors. */
export function halfOfContributors(owners: readonly number[], contributors: number, subset: number): Kept {
  const order = createPermutation(contributors, `half of contributors|${subset}`);
  const chosen = new Set(order.subarray(0, contributors >> 1));
  return Uint8Array.from(owners, (owner) => (chosen.has(owner) ? 1 : 0));
}

export function withoutContributor(owners: readonly number[], contributor: number): Kept {
  return Uint8Array.from(owners, (owner) => (owner === contributor ? 0 : 1));
}

export function withoutRows(rows: number, dropped: Iterable<number>): Kept {
  const kept = new Uint8Array(rows).fill(1);
  for (const row of dropped) kept[row] = 0;
  return kept;
}
