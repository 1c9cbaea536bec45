import { expect, test } from 'vitest';
import { mostPaidRows } from './removal.ts';

test('the most paid rows over all answers, then the highest scores among those without pay', () => {
  const shares = [Float64Array.of(0.6, 0, 0.4, 0, 0, 0), Float64Array.of(0, 0.7, 0.3, 0, 0, 0)];
  const scores = [Float64Array.of(9, -1, 4, 3, -2, 1), Float64Array.of(-5, 8, 2, -4, 5, 1)];
  expect(mostPaidRows(shares, scores, 0.3)).toEqual([1, 2]); // .7 and .7, in order
  expect(mostPaidRows(shares, scores, 0.5)).toEqual([1, 2, 0]);
  expect(mostPaidRows(shares, scores, 1)).toEqual([1, 2, 0, 4, 5, 3]);
});
