import { expect, test } from 'vitest';
import { lossPositions, lossWidth } from './loss-positions.ts';

test('takes from each row the positions that carry loss, as many columns as the fullest row needs, in quarters', () => {
  const time = 32;
  const size = 2 * time;
  const weightAt: Record<number, number> = { 3: 1, 4: 1, 5: 1, 7: 1, 9: 1, [time + 30]: 2 };
  const feeds = {
    ids: new Int32Array(size),
    labels: Int32Array.from({ length: size }, (_, i) => 100 + i),
    lossWeights: Float32Array.from({ length: size }, (_, i) => weightAt[i] ?? 0),
  };
  const { width, feeds: found } = lossPositions({ batch: 2, time, feeds });
  expect(width).toBe(8);
  const none = new Array(7).fill(0);
  expect([...found.at]).toEqual([3, 4, 5, 7, 9, 0, 0, 0, 62, ...none]);
  expect([...found.labels]).toEqual([103, 104, 105, 107, 109, 0, 0, 0, 162, ...none]);
  expect([...found.lossWeights]).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 2, ...none]);
  expect([lossWidth(0, 32), lossWidth(8, 32), lossWidth(9, 32), lossWidth(32, 32), lossWidth(45, 45)]).toEqual([
    8, 8, 16, 32, 45,
  ]);
});
