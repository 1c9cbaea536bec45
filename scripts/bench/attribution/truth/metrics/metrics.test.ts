import { expect, test } from 'vitest';
import { areaUnderCurve } from './area-under-curve.ts';
import { bootstrapMean } from './bootstrap.ts';
import { pearson, ranks, spearman } from './correlation.ts';
import { linearDatamodelingScore } from './lds.ts';
import { largest, positiveShares, totalVariation } from './shares.ts';

test('equal values share the mean of their ranks', () => {
  expect([...ranks([3, 1, 3, 2, 3])]).toEqual([4, 1, 4, 2, 4]);
});

test('Spearman with ties is the textbook value, and sees order alone', () => {
  // Ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4: 4.5 / sqrt(4.5 x 5).
  expect(spearman([10, 20, 20, 30], [1, 3, 2, 4])).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
  expect(spearman([1, 2, 3, 4], [1, 10, 100, 1000])).toBe(1);
  expect(pearson([1, 2, 3, 4], [1, 10, 100, 1000])).toBeLessThan(0.9);
  expect(pearson([1, 1, 1], [1, 2, 3])).toBe(0);
});

test('the datamodeling score holds sums over kept rows against the truth', () => {
  const subsets = [Uint8Array.of(1, 1, 0), Uint8Array.of(1, 0, 1), Uint8Array.of(0, 1, 1)];
  // Sums 5 + 1, 5 - 2, 1 - 2.
  expect(linearDatamodelingScore([5, 1, -2], subsets, [-1, -2, -3])).toBe(1);
  expect(linearDatamodelingScore([5, 1, -2], subsets, [-3, -2, -1])).toBe(-1);
  expect(linearDatamodelingScore([5, 1, -2], subsets, [-2, -1, -3])).toBe(0.5);
});

test('the area under the curve counts pairs, equal ones half', () => {
  // Marked 0.9 and 0.4 against 0.5, 0.4, 0.1: right 3 of 3, then 1.5 of 3.
  expect(areaUnderCurve([0.9, 0.5, 0.4, 0.4, 0.1], [true, false, true, false, false])).toBe(4.5 / 6);
  expect(() => areaUnderCurve([1, 2], [true, true])).toThrow(RangeError);
});

test('shares take what is positive, and their distance counts what goes to nobody', () => {
  expect([...positiveShares([3, -5, 1])]).toEqual([0.75, 0, 0.25]);
  expect([...positiveShares([-1, 0])]).toEqual([0, 0]);
  expect(totalVariation([0.75, 0.25, 0], [0.25, 0.25, 0.5])).toBe(0.5);
  expect(totalVariation([0, 0], [0.5, 0.5])).toBe(1);
  expect(totalVariation([0.5, 0], [0.5, 0.5])).toBe(0.5);
  expect(largest([1, 7, 7, 2])).toBe(1);
});

test('a bootstrapped mean lies in its interval, which is a point where all values are one', () => {
  const { value, low, high } = bootstrapMean([
    [0, 1, 0, 1, 1, 0, 1, 1],
    [1, 1, 0, 1, 1, 1, 0, 1],
  ]);
  expect(value).toBe(11 / 16);
  expect(low).toBeLessThan(value);
  expect(high).toBeGreaterThan(value);
  expect(high - low).toBeGreaterThan(0.25);
  expect(
    bootstrapMean([
      [2, 2],
      [2, 2, 2],
    ]),
  ).toEqual({ value: 2, low: 2, high: 2 });
});
