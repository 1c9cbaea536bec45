import { expect, test } from 'vitest';
import { lossPositions, lossWidth } from './loss-positions.ts';

test('takes from each row the positions that carry loss, as many quarters of the columns as the fullest row needs', () => {
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
  expect([...found.at]).toEqual([3, 4, 5, 7, 9, ...none.slice(4), 62, ...none]);
  expect([...found.labels]).toEqual([103, 104, 105, 107, 109, ...none.slice(4), 162, ...none]);
  expect([...found.lossWeights]).toEqual([1, 1, 1, 1, 1, ...none.slice(4), 2, ...none]);
  const nowhere = 2 * width;
  const back = Array.from({ length: size }, (_, i) => (i === time + 30 ? 8 : [3, 4, 5, 7, 9].indexOf(i)));
  expect([...found.back]).toEqual(back.map((at) => (at < 0 ? nowhere : at)));
  expect([0, 8, 9, 32].map((count) => lossWidth(count, 32, 2))).toEqual([8, 8, 16, 32]);
  expect([0, 4, 5, 32].map((count) => lossWidth(count, 32, 1))).toEqual([4, 4, 8, 32]);
  expect(lossWidth(44, 45, 1)).toBe(45);
});
