import { expect, it } from 'vitest';
import { harmfulRows } from './harmful-rows.ts';

it('takes the strongest, at most 50, those of equal score in index order', () => {
  const scores = BigInt64Array.from({ length: 120 }, (_, row) => (row === 90 ? -9n : row === 7 ? 5n : -8n));
  const below = [...scores.keys()].filter((row) => row !== 7);
  expect(harmfulRows(scores, below)).toEqual([90, ...below.slice(0, 49)]);
  expect(harmfulRows(scores, [])).toEqual([]);
});
