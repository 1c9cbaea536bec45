import { expect, test } from 'vitest';
import { createNormal } from '../train/random.ts';
import { chooseWidths, packRow, packWidths, rowForm, unpackRow, unpackWidths } from './low-bits.ts';

const normal = createNormal('bits');
const length = 4001;
const one = 2 ** 24;

/** What a row comes back as. */
function stored(vector: Float32Array, widths: Uint8Array): { values: Float64Array; scale: number } {
  const form = rowForm(widths);
  const bytes = new Uint8Array(form.bytes + 3).fill(255);
  packRow(vector, form, one, bytes, 2);
  expect([bytes[0], bytes[1], bytes.at(-1)]).toEqual([255, 255, 255]);
  const codes = new Int8Array(form.positions.length + 1);
  const scale = unpackRow(bytes, 2, form, codes, 1);
  const values = new Float64Array(vector.length);
  for (const [k, at] of form.positions.entries()) values[at] = (codes[k + 1]! * scale) / one;
  return { values, scale };
}

test.each([4, 2, 1])('%d bits keep what the best uniform steps keep of normal values, whatever their size', (bits) => {
  const lost = { 4: 0.0115, 2: 0.1188, 1: 0.3634 }[bits]!; // Max 1960, table II: mean squared error
  for (const size of [100, 0.01]) {
    const vector = Float32Array.from({ length }, () => size * normal());
    const { values } = stored(vector, new Uint8Array(length).fill(bits));
    const error = vector.reduce((sum, value, i) => sum + (value - values[i]!) ** 2, 0);
    const squares = vector.reduce((sum, value) => sum + value ** 2, 0);
    // Codes are whole numbers: up to 2 % beside the steps' own.
    expect(Math.abs(error / squares - lost)).toBeLessThan(0.1 * lost);
  }
});

test('numbers of several widths stand where they belong; their scale is that of what is kept', () => {
  const widths = Uint8Array.from({ length }, (_, i) => [0, 2, 4, 1, 2][i % 5]!);
  expect(unpackWidths(packWidths(widths), length)).toEqual(widths);
  const vector = Float32Array.from({ length }, (_, i) => (i % 5 === 0 ? 1000 : 1) * normal());
  const { values } = stored(vector, widths);
  const most = { 0: 0, 1: 0.7, 2: 0.4, 4: 0.12 };
  for (const [bits, limit] of Object.entries(most)) {
    const own = [...widths.keys()].filter((i) => widths[i] === Number(bits));
    if (limit === 0) expect(own.every((i) => values[i] === 0)).toBe(true);
    else {
      const error = own.reduce((sum, i) => sum + (vector[i]! - values[i]!) ** 2, 0) / own.length;
      expect(Math.sqrt(error)).toBeLessThan(limit);
    }
  }
});

test('a row of zeros and one too large for a scale are stored as near as can be', () => {
  expect(stored(new Float32Array(4), Uint8Array.of(4, 4, 2, 1)).scale).toBe(1);
  expect(stored(new Float32Array(4).fill(1e9), Uint8Array.of(4, 4, 2, 1)).scale).toBe(2 ** 32 - 1);
});

test('bits go where they take most error away, within what there is', () => {
  const importance = Float64Array.from({ length }, (_, i) => Math.exp(3 * Math.sin(i)));
  const error = [1, 0.3634, 0.1188, Number.NaN, 0.01154];
  const lost = (widths: Uint8Array): number => widths.reduce((sum, bits, i) => sum + importance[i]! * error[bits]!, 0);
  const bitsOf = (widths: Uint8Array): number => widths.reduce((sum, bits) => sum + bits, 0);
  for (const mean of [0.3, 1, 2]) {
    const widths = chooseWidths(importance, mean * length);
    expect(bitsOf(widths)).toBeLessThanOrEqual(mean * length);
    expect(bitsOf(widths)).toBeGreaterThan(mean * length - 2);
    // No bit is better off elsewhere: what it brings where it is, it would bring to no other number.
    const perBit = (i: number, from: number, to: number): number =>
      (importance[i]! * (error[from]! - error[to]!)) / (to - from);
    const [next, before] = [
      [1, 2, 4, 4, 4],
      [0, 0, 1, 2, 2],
    ];
    const offered: number[] = [];
    const taken: number[] = [];
    for (const [i, bits] of widths.entries()) {
      if (bits < 4) offered.push(perBit(i, bits, next![bits]!));
      if (bits > 0) taken.push(perBit(i, before![bits]!, bits));
    }
    expect(Math.max(...offered)).toBeLessThanOrEqual(Math.min(...taken));
    if (mean === 2) expect(lost(widths)).toBeLessThan(0.7 * lost(new Uint8Array(length).fill(2)));
  }
  expect(chooseWidths(new Float64Array(3), 12)).toEqual(Uint8Array.of(4, 4, 4));
  // Of more than may be kept, the most important.
  expect(chooseWidths(Float64Array.of(1, 9, 3, 8), 100, 2)).toEqual(Uint8Array.of(0, 4, 0, 4));
});
