import { expect, it } from 'vitest';
import { tenthsOfWeights } from './rules.ts';

it.each<[number[], number[]]>([
  [
    [500_000, 500_000],
    [10, 10],
  ],
  [
    [333_333, 666_667],
    [5, 10],
  ],
  [
    [700_000, 300_000],
    [14, 6],
  ],
  [
    [600_000, 250_000, 150_000],
    [12, 5, 3],
  ],
  [
    [999_999, 1],
    [100, 1],
  ],
])('weights %j are read %j tenths of a pass', (weights, tenths) => {
  expect(tenthsOfWeights(weights)).toEqual(tenths);
});
