import { afterAll, beforeAll, expect, test } from 'vitest';
import { SessionCache } from '../runtime/session-cache.ts';
import { createNormal } from '../train/random.ts';
import { alongDirections, type FittedDirections, fitDirections } from './row-directions.ts';
import { referenceInfluence } from './test-support/reference-influence.ts';

const [count, length, reach] = [9, 121, 0.02];
const normal = createNormal('directions');
const z = Float32Array.from({ length: count * length }, (_, i) => (i < length ? 30 : 1) * normal());
const rows = Array.from({ length: count }, (_, n) => Array.from(z.subarray(n * length, (n + 1) * length)));
const query = Float32Array.from({ length }, (_, i) => rows[3]![i]! + normal());
/** A Fisher of the rows' own gradients alone. */
const rowsAlone = (own: Float32Array) => ({
  root: own.map((value) => value / Math.sqrt(count)),
  count,
});
const layers = [{ offset: 0, size: length }];
const sessions = new SessionCache(4, { threads: 1 });
let fitted: FittedDirections;
beforeAll(async () => {
  fitted = await fitDirections(rowsAlone(z), length, sessions, { reach, bits: 4 });
});
afterAll(() => sessions.release());

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** The leverage of a row by its definition: what it scores on itself. */
const leverage = (n: number): number => referenceInfluence(rows, rows[n]!, layers, { reach })[n]!;

test('the products of N numbers are the influence over all of the gradient', () => {
  const expected = referenceInfluence(rows, Array.from(query), layers, { reach });
  const vector = new Float64Array(count + 2);
  alongDirections(fitted.directions, query, vector, 2);
  expect([...vector.subarray(0, 2)]).toEqual([0, 0]);
  const scale = Math.max(...expected.map(Math.abs));
  for (const [n, row] of fitted.rows.entries()) {
    const score = dot(row, vector.subarray(2)) / count;
    // Four bits an entry leave 1.2 % of the squares, which over 121 entries is some 1 % of the largest score.
    expect(Math.abs(score - expected[n]!)).toBeLessThan(0.04 * scale);
    expect(fitted.leverages[n]).toBeCloseTo(leverage(n), 5);
    expect(dot(row, row)).toBeCloseTo(reach * (1 - leverage(n)), 5);
  }
});

test('fewer bits say the same less exactly, and rows that move nothing score nothing', async () => {
  const exact = referenceInfluence(rows, Array.from(query), layers, { reach });
  const errors: number[] = [];
  for (const bits of [4, 2, 1] as const) {
    const { directions, rows: own } = await fitDirections(rowsAlone(z), length, sessions, { reach, bits });
    const vector = new Float64Array(count);
    alongDirections(directions, query, vector, 0);
    const scores = own.map((row) => dot(row, vector) / count);
    errors.push(Math.hypot(...scores.map((score, n) => score - exact[n]!)));
  }
  expect(errors).toEqual([...errors].sort((a, b) => a - b));
  const silent = await fitDirections(rowsAlone(new Float32Array(count * length)), length, sessions, { reach, bits: 1 });
  const vector = new Float64Array(count);
  alongDirections(silent.directions, query, vector, 0);
  expect(vector.every((value) => value === 0)).toBe(true);
});

test('with drawn gradients in the Fisher, the same influence by its definition, and leverages within their bound', async () => {
  const drawn = Array.from({ length: 17 }, () => Array.from({ length }, () => Math.fround(normal())));
  const lines = [...drawn, ...rows.map((row) => row.map((value) => Math.fround(value / Math.sqrt(count))))];
  const root = Float32Array.from(lines.flat());
  const found = await fitDirections({ root, count }, length, sessions, { reach, bits: 4 });
  expect(found.lambda).toBe(1 / reach);
  const vector = new Float64Array(count);
  alongDirections(found.directions, query, vector, 0);
  const expected = referenceInfluence(rows, Array.from(query), layers, { reach, root: lines });
  const scale = Math.max(...expected.map(Math.abs));
  for (const [n, row] of found.rows.entries()) {
    expect(Math.abs(dot(row, vector) / count - expected[n]!)).toBeLessThan(0.04 * scale);
    const own = referenceInfluence(rows, rows[n]!, layers, { reach, root: lines })[n]!;
    expect(found.leverages[n]! / own).toBeCloseTo(1, 3);
    expect(found.leverages[n]).toBeLessThan(1);
  }
  // The first row is thirty times as large: without its own part in the Fisher nothing would hold it.
  const free = referenceInfluence(rows, rows[0]!, layers, { reach, root: drawn })[0]!;
  expect(free).toBeGreaterThan(2);
});
