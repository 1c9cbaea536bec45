import { expect, it } from 'vitest';
import { KeyValueCache } from './kv-cache.ts';

// 2 layers x keys and values x 3 heads x 4 floats: 192 bytes a token, 384 for both slots.
const shape = { layers: 2, heads: 3, headSize: 4, slots: 2, contextTokens: 1000, keptBytes: 384 * 130 };

const dataOf = (cache: KeyValueCache, slot: number, name: string): Float32Array =>
  cache.view(slot, 1).feeds[name]!.data as Float32Array;

it('keeps what fits, doubles for long sequences up to the context, and falls back when idle', () => {
  const cache = new KeyValueCache(shape);
  expect([cache.capacity, cache.sizeBytes, cache.bytesPerToken]).toEqual([0, 0, 192]);
  cache.reserve(3, 1);
  expect([cache.capacity, cache.sizeBytes]).toEqual([128, 128 * 384]);
  cache.clear();
  expect(cache.capacity).toBe(128);
  cache.reserve(129, 1);
  expect(cache.capacity).toBe(256);
  cache.reserve(513, 1);
  expect(cache.capacity).toBe(1000);
  cache.clear();
  expect(cache.capacity).toBe(0);
});

it('keeps what the slots hold when it grows, and moves a sequence with all heads', () => {
  const cache = new KeyValueCache(shape);
  cache.reserve(2, 2);
  const { feeds, outputs } = cache.view(1, 1);
  expect(outputs['valuesOut.1']).toBe(feeds['values.1']);
  const values = dataOf(cache, 1, 'values.1');
  // Heads lie `capacity` positions apart; two positions of each head are in use.
  for (let head = 0; head < 3; head++) values.set([1, 2, 3, 4, 5, 6, 7, 8 + head], head * 128 * 4);
  cache.reserve(200, 2);
  cache.move(1, 0, 2);
  for (const slot of [0, 1]) {
    for (let head = 0; head < 3; head++) {
      const start = head * 256 * 4;
      const held = dataOf(cache, slot, 'values.1').subarray(start, start + 8);
      expect([...held]).toEqual([1, 2, 3, 4, 5, 6, 7, 8 + head]);
    }
  }
  expect(dataOf(cache, 0, 'keys.1').every((value) => value === 0)).toBe(true);
});
