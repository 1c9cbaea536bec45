import { describe, expect, it } from 'vitest';
import { createNormal } from '../train/random.ts';
import { referenceInfluence } from './test-support/reference-influence.ts';
import { countHalf, fitWhitening, whiten } from './whitening.ts';

const dims = 30;
const layers = [
  { offset: 0, size: 12 },
  { offset: 12, size: 18 },
];
const normal = createNormal('features');
const shared = Array.from({ length: dims }, normal);
const draw = (): number[] => shared.map((value) => value + normal());
const rows = Array.from({ length: 9 }, () => draw().map(Math.fround));
const features = Float32Array.from(rows.flat());

function whitened(vector: readonly number[], reach?: number): Float64Array {
  const out = new Float64Array(dims);
  for (const layer of layers)
    whiten(fitWhitening(features, dims, layer, reach), [Float32Array.from(vector)], [out], layer.offset);
  return out;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));
const bound = 0.005;

describe('whitening', () => {
  it.each([undefined, 2])(
    'turns the inverse of the damped Fisher into a plain product, also with fewer rows than features, reach %s',
    (reach) => {
      const query = draw().map(Math.fround);
      const v = whitened(query, reach);
      for (const [u, score] of referenceInfluence(
        rows,
        query,
        layers,
        reach === undefined ? {} : { reach },
      ).entries()) {
        const row = whitened(rows[u]!, reach);
        // The factor has 8 bits a number.
        expect(Math.abs(dot(row, v) / rows.length - score)).toBeLessThan((bound * norm(row) * norm(v)) / rows.length);
      }
    },
  );

  it('damps by the run, but never by less than the factor can hold', () => {
    const [layer] = layers;
    const mean = fitWhitening(features, dims, layer!).lambda / 0.3;
    expect(fitWhitening(features, dims, layer!, 4).lambda).toBe(0.25);
    expect(fitWhitening(features, dims, layer!, 1e9).lambda).toBeCloseTo(0.01 * mean, 10);
  });

  it('bounds the leverage of every row in every layer by 1, however large the row', () => {
    const outlier = rows.map((row, u) => row.map((value) => (u === 3 ? value * 1e6 : value)));
    const flat = Float32Array.from(outlier.flat());
    for (const layer of layers) {
      const fitted = fitWhitening(flat, dims, layer);
      for (let u = 0; u < rows.length; u++) {
        const out = new Float64Array(dims);
        whiten(fitted, [flat.subarray(u * dims, (u + 1) * dims)], [out], layer.offset);
        expect(dot(out, out) / rows.length).toBeLessThanOrEqual(1);
      }
    }
  });

  it('counts a row half: between its score with it in the Fisher and without, and bounded however large the row', () => {
    const query = draw().map(Math.fround);
    const q = whitened(query);
    for (const size of [1, 1e3]) {
      const outside = draw().map((value) => Math.fround(value * size));
      const out = whitened(outside);
      const without = out.slice();
      for (const layer of layers) {
        const one = (vector: Float64Array): Float64Array => vector.subarray(layer.offset, layer.offset + layer.size);
        const place = { rows: rows.length, isIn: false };
        const leverage = countHalf(fitWhitening(features, dims, layer), out, layer.offset, place);
        // Its share of the Fisher is 1/N with N from `rows`, and lambda stays: what the definition says by hand, with it.
        const all = { offset: 0, size: layer.size };
        const part = (vector: ArrayLike<number>): number[] =>
          Array.from(vector).slice(layer.offset, layer.offset + layer.size);
        const { lambda } = fitWhitening(features, dims, layer);
        const outsideOf = { outside: part(outside), lambdas: [lambda] };
        const within = referenceInfluence(rows.map(part), part(query), [all], outsideOf).at(-1)!;
        const [half, none] = [out, without].map((vector) => dot(one(vector), one(q)) / rows.length) as [number, number];
        const margin = (bound * norm(one(out)) * norm(one(q))) / rows.length;
        expect(Math.abs(half - Math.sign(none) * Math.sqrt(within * none))).toBeLessThan(margin);
        expect(Math.abs(within - none * (1 - leverage))).toBeLessThan(margin);
        expect(dot(one(out), one(out)) / rows.length).toBeLessThanOrEqual(1); // h / (1 + h) of the leverage h without it
      }
    }
  });

  it('counts a row of the Fisher half by what its leverage leaves, and knows no rest under a hundredth', () => {
    const vector = Float64Array.of(0, 3, 4);
    expect(countHalf({ size: 2 }, vector, 1, { rows: 50, isIn: true })).toBe(0.5);
    expect([...vector]).toEqual([0, 3 * Math.SQRT2, 4 * Math.SQRT2].map((value) => expect.closeTo(value, 12)));
    const whole = Float64Array.of(10);
    expect(countHalf({ size: 1 }, whole, 0, { rows: 100, isIn: true })).toBe(1);
    expect(whole[0]).toBeCloseTo(100, 9);
  });

  it('gives a vector the same bits alone and with up to three others', () => {
    for (const layer of [layers[0]!, layers[1]!, { offset: 3, size: 13 }, { offset: 29, size: 1 }]) {
      const fitted = fitWhitening(features, dims, layer);
      const z = rows.slice(0, 4).map((row) => Float32Array.from(row));
      const alone = z.map((vector) => {
        const out = new Float64Array(dims);
        whiten(fitted, [vector], [out], layer.offset);
        return out;
      });
      for (const count of [2, 3, 4]) {
        const out = z.slice(0, count).map(() => new Float64Array(dims));
        whiten(fitted, z.slice(0, count), out, layer.offset);
        expect(out).toEqual(alone.slice(0, count));
      }
    }
  });

  it('leaves a layer alone that no row moves', () => {
    const silent = fitWhitening(new Float32Array(4 * dims), dims, layers[0]!);
    const out = new Float64Array(dims);
    whiten(silent, [Float32Array.from(rows[0]!)], [out], 0);
    expect([...out.slice(0, 12)]).toEqual(rows[0]!.slice(0, 12));
  });
});
