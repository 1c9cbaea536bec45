import { expect, it } from 'vitest';
import { toPpm } from './merge-weights.ts';

it('sliders become millionths that sum to a whole', () => {
  expect(toPpm([50, 50])).toEqual([500_000, 500_000]);
  expect(toPpm([1, 1, 1])).toEqual([333_334, 333_333, 333_333]);
  expect(toPpm([70, 20, 7])!.reduce((a, b) => a + b, 0)).toBe(1_000_000);
  expect(toPpm([50, 0])).toBeNull();
});
