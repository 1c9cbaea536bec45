import { expect, test } from 'vitest';
import { compareGreedy, relativeDistance } from './compare-greedy.ts';

test('a choice is equal, a near tie or different, at its own position', () => {
  const logits = [
    [9, 0, 0], // after the first id of the prompt: not asked
    [0, 1, 0],
    [1, 0, 1.00005],
    [3, 2, 1],
  ].map((row) => Float32Array.from(row));
  expect(compareGreedy(logits, 2, [1, 0, 1])).toEqual({ tokens: 3, equal: 1, ties: 1, different: 1 });
});

test('distance is relative to the largest logit', () => {
  expect(relativeDistance([[1, 2]], [[1, 4]])).toBe(0.5);
  expect(relativeDistance([[-8]], [[-8]])).toBe(0);
});
