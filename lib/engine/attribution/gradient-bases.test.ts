import { describe, expect, it } from 'vitest';
import { tinyConfig } from '../io/test-support/tiny-model.ts';
import { adapterLayout } from '../lora/layout.ts';
import { scopedLayout } from '../lora/layout-part.ts';
import { linearModules } from '../nn/weights.ts';
import { createNormal } from '../train/random.ts';
import { createBasisSketch, fitBases } from './gradient-bases.ts';
import { sketchGradient } from './sketch.ts';

const lora = { r: 3, loraAlpha: 6, loraDropout: 0, targetModules: linearModules };
const layout = scopedLayout(adapterLayout(tinyConfig, lora), { firstLayer: 0, modules: linearModules });
const outputs = layout.entries.map(({ shape }) => shape[0]);
const ofLayer = outputs.slice(0, 7).reduce((sum, size) => sum + size, 0);

/** Gradients that move two output directions of every second matrix, and a little of everything. */
function gradients(count: number, noise: number): Float32Array[] {
  const normal = createNormal('gradients');
  const axes = layout.entries.map(({ shape }) => [0, 1].map(() => Float64Array.from({ length: shape[0] }, normal)));
  return Array.from({ length: count }, () => {
    const gradient = new Float32Array(layout.length);
    for (const [at, { offset, shape }] of layout.entries.entries()) {
      for (const axis of axes[at]!) {
        const along = [normal(), normal(), normal()].map((x) => (at % 2 === 0 ? x : 0));
        for (let out = 0; out < shape[0]; out++) {
          for (let i = 0; i < 3; i++) gradient[offset + out * 3 + i]! += along[i]! * axis[out]! + noise * normal();
        }
      }
    }
    return gradient;
  });
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('fitBases', () => {
  it('gives the columns to the matrices that move, and keeps what their gradients are made of', () => {
    const rows = gradients(12, 0);
    const bases = fitBases(layout, rows, { columns: 9, rankWidth: 3 }, 'seed');
    for (const [at, { columns }] of bases.entries()) if (at % 2 === 0) expect(columns).toBeGreaterThanOrEqual(2);
    expect(bases.slice(0, 7).reduce((sum, { columns }) => sum + columns, 0)).toBe(9);
    const sketch = createBasisSketch(layout, 3, bases);
    expect(sketch.layers.map(({ size }) => size)).toEqual([27, 27]);
    const features = rows.map((row) => sketchGradient(sketch, row));
    for (const [i, j] of [
      [0, 0],
      [3, 8],
    ] as const) {
      const [kept, whole] = [dot(features[i]!, features[j]!), dot(rows[i]!, rows[j]!)];
      expect(Math.abs(kept - whole)).toBeLessThan(0.01 * dot(rows[i]!, rows[i]!)); // bfloat16
    }
  });

  it('keeps a matrix whole where there are columns for all, and narrows the rank where it is told to', () => {
    const rows = gradients(5, 0.3);
    const whole = fitBases(layout, rows, { columns: ofLayer, rankWidth: 3 }, 'seed');
    expect(whole.map(({ columns, output, rank }) => [columns, output, rank])).toEqual(
      outputs.map((size) => [size, null, null]),
    );
    expect(sketchGradient(createBasisSketch(layout, 3, whole), rows[2]!)).toEqual(rows[2]!);
    const narrow = fitBases(layout, rows, { columns: 10, rankWidth: 2 }, 'seed');
    expect(narrow.map(({ rank }) => rank?.length)).toEqual(outputs.map(() => 6));
    expect(createBasisSketch(layout, 2, narrow).dims).toBe(2 * 10 * 2);
    // Where two columns of the rank say all, products stay what they are.
    const flat = rows.map((row) => row.map((value, i) => (i % 3 === 2 ? -2 * row[i - 2]! : value)));
    const sketch = createBasisSketch(layout, 2, fitBases(layout, flat, { columns: ofLayer, rankWidth: 2 }, 'seed'));
    const [one, other] = [flat[1]!, flat[4]!].map((row) => sketchGradient(sketch, row));
    expect(Math.abs(dot(one!, other!) - dot(flat[1]!, flat[4]!))).toBeLessThan(0.01 * dot(flat[1]!, flat[1]!));
  });

  it('is not turned by a row of any size, and is the same again', () => {
    const rows = gradients(20, 0.1);
    const loud = rows.map((row, n) => (n === 4 ? row.map((value) => 1e4 * value) : row));
    const size = { columns: 12, rankWidth: 3 };
    const [one, other] = [fitBases(layout, rows, size, 'seed'), fitBases(layout, loud, size, 'seed')];
    expect(fitBases(layout, rows, size, 'seed')).toEqual(one);
    for (const [at, { columns, output }] of one.entries()) {
      expect(other[at]!.columns).toBe(columns);
      for (let i = 0; i < output!.length; i++)
        expect(Math.abs(other[at]!.output![i]! - output![i]!)).toBeLessThan(0.01);
    }
  });
});
