import { expect, test } from 'vitest';
import { createNormal } from '../train/random.ts';
import { bitWidths, packedBytes, packLevels, toLowBits, unpackLevels } from './packed-bits.ts';

const normal = createNormal('bits');
const [count, length] = [3, 4001];
const values = Float32Array.from({ length: count * length }, (_, i) => (i < length ? 100 : 0.01) * normal());

test.each(bitWidths)(
  '%d bits keep what the best uniform steps keep of normal values, each vector by its own scale',
  (bits) => {
    const { levels, scales } = toLowBits(values, length, bits);
    const lost = { 4: 0.0115, 2: 0.1188, 1: 0.3634 }[bits]; // Max 1960, table II: mean squared error
    for (const n of scales.keys()) {
      let [error, squares] = [0, 0];
      for (let i = n * length; i < (n + 1) * length; i++) {
        error += (values[i]! - levels[i]! * scales[n]!) ** 2;
        squares += values[i]! ** 2;
      }
      expect(Math.abs(error / squares - lost)).toBeLessThan(0.1 * lost);
    }
  },
);

test.each(bitWidths)('%d bits come back from their bytes', (bits) => {
  const { levels } = toLowBits(values, length, bits);
  expect(new Set(levels).size).toBe(2 ** bits);
  const bytes = packLevels(levels, bits);
  expect(bytes).toHaveLength(packedBytes(levels.length, bits));
  expect(unpackLevels(bytes, levels.length, bits)).toEqual(levels);
});

test('a vector of zeros has the scale zero', () => {
  expect(toLowBits(new Float32Array(4), 2, 2).scales).toEqual(new Float32Array(2));
});
