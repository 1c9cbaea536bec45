import { describe, expect, it } from 'vitest';
import { createNormal } from '../train/random.ts';
import { referenceInfluence } from './test-support/reference-influence.ts';
import { countRowIn, fitWhitening, whiten } from './whitening.ts';

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

  it('scores a row that the Fisher was not taken over as if it had been, however large the row', () => {
    const query = draw().map(Math.fround);
    const q = whitened(query);
    for (const size of [1, 1e3]) {
      const outside = draw().map((value) => Math.fround(value * size));
      const out = whitened(outside);
      for (const layer of layers) countRowIn(fitWhitening(features, dims, layer), out, layer.offset, rows.length);
      // Its share of the Fisher is 1/N with N from `rows`, and lambda stays: what the definition says by hand.
      const expected = referenceInfluence(rows, query, layers, { outside }).at(-1)!;
      expect(Math.abs(dot(out, q) / rows.length - expected)).toBeLessThan((bound * norm(out) * norm(q)) / rows.length);
      for (const { offset, size: length } of layers) {
        const layer = out.subarray(offset, offset + length);
        expect(dot(layer, layer) / rows.length).toBeLessThanOrEqual(0.25); // h / (1 + h)^2
      }
    }
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
