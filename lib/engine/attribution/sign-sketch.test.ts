import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tinyConfig } from '../io/test-support/tiny-model.ts';
import { adapterLayout } from '../lora/layout.ts';
import { linearModules } from '../nn/weights.ts';
import { lengthOfB } from '../train/graphs.ts';
import { createNormal } from '../train/random.ts';
import { createSignSketch, moduleSigns } from './sign-sketch.ts';
import { sketchGradient } from './sketch.ts';

const layout = adapterLayout(tinyConfig, { r: 3, loraAlpha: 6, loraDropout: 0, targetModules: linearModules });
const gradient = (seed: string): Float32Array => {
  const normal = createNormal(seed);
  return Float32Array.from({ length: lengthOfB(layout) }, normal);
};

describe('createSignSketch', () => {
  it('takes its signs from SHA-256 alone, so that any one of them can be recomputed', () => {
    const signs = moduleSigns('seed', '1.q_proj', 40, 300);
    const bit = (row: number, k: number): number => {
      const digest = createHash('sha256')
        .update(`seed|1.q_proj|${row}|${Math.floor(k / 256)}`)
        .digest();
      return (digest[Math.floor((k % 256) / 8)]! >> (k % 8)) & 1;
    };
    for (const [row, k] of [
      [0, 0],
      [39, 255],
      [7, 256],
      [12, 299],
    ] as const) {
      expect(signs[row * 300 + k]).toBe(bit(row, k) ? 1 : -1);
    }
    expect(moduleSigns('seed', '1.q_proj', 40, 16)).toEqual(moduleSigns('seed', '1.q_proj', 40, 16));
    expect(moduleSigns('other', '1.q_proj', 40, 16)).not.toEqual(moduleSigns('seed', '1.q_proj', 40, 16));
    const mean = signs.reduce((sum, sign) => sum + sign, 0) / signs.length;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(signs.length));
  });

  it('multiplies every module from the output side, layer by layer', () => {
    const sketch = createSignSketch(layout, 'seed', { width: 5, rankWidth: 3 });
    const flat = gradient('g');
    const features = sketchGradient(sketch, flat);
    expect(sketch).toMatchObject({ dims: 2 * 7 * 3 * 5, gradientLength: flat.length });
    expect(sketch.layers).toEqual([
      { offset: 0, size: 105 },
      { offset: 105, size: 105 },
    ]);
    let offset = 0;
    const expected: number[] = [];
    for (const { part, layer, module, shape, length } of layout.entries) {
      if (part !== 'B') continue;
      const signs = moduleSigns('seed', `${layer}.${module}`, shape[0], 5);
      for (let k = 0; k < 5; k++) {
        for (let i = 0; i < 3; i++) {
          let sum = 0;
          for (let row = 0; row < shape[0]; row++) sum += signs[row * 5 + k]! * flat[offset + row * 3 + i]!;
          expected.push(Math.fround(sum / Math.sqrt(5)));
        }
      }
      offset += length;
    }
    for (const [i, value] of expected.entries()) expect(features[i]).toBeCloseTo(value, 5);
  });

  it('leaves matrices alone that are no wider than their sketch would be, unless it is told to', () => {
    const flat = gradient('g');
    const exact = createSignSketch(layout, 'seed', { width: 32, rankWidth: 3 });
    const features = sketchGradient(exact, flat);
    const projected = createSignSketch(layout, 'seed', { width: 32, rankWidth: 3 }, false);
    expect(projected.dims).toBe(2 * 7 * 32 * 3);
    expect(exact.dims).toBe(2 * 3 * (32 + 16 + 16 + 32 + 32 + 32 + 32));
    const [query, key, , , gate] = exact.modules;
    const own = (start: number, length: number): Float32Array => flat.subarray(start, start + length);
    expect(features.subarray(0, 96)).toEqual(own(0, 96));
    expect(features.subarray(key!.featureOffset, key!.featureOffset + 48)).toEqual(own(key!.gradientOffset, 48));
    expect([query!.output, key!.output, gate!.output?.matrix.length]).toEqual([null, null, 64 * 32]);
    expect(projected.modules.every(({ output }) => output !== null)).toBe(true);
    expect(sketchGradient(projected, flat).subarray(0, 96)).not.toEqual(own(0, 96));
  });

  it.each([3, 2])('keeps inner products on average over seeds, with %i columns of rank', (rankWidth) => {
    const a = gradient('a');
    const noise = gradient('b');
    const b = a.map((value, i) => value + noise[i]!);
    const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    let mean = 0;
    for (let seed = 0; seed < 40; seed++) {
      const sketch = createSignSketch(layout, String(seed), { width: 16, rankWidth });
      expect(sketch.dims).toBe(2 * 7 * 16 * rankWidth);
      mean += dot(sketchGradient(sketch, a), sketchGradient(sketch, b)) / 40;
    }
    expect(mean / dot(a, b)).toBeCloseTo(1, 1);
  });
});
