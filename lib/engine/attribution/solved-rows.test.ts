import { afterAll, expect, test } from 'vitest';
import { SessionCache } from '../runtime/session-cache.ts';
import { createNormal } from '../train/random.ts';
import { divideByFisher, solveFisher } from './solved-rows.ts';
import { referenceInfluence } from './test-support/reference-influence.ts';

const [count, length, reach] = [9, 121, 0.02];
const normal = createNormal('rows');
const rows = Array.from({ length: count }, (_, n) =>
  Array.from({ length }, () => Math.fround((n === 0 ? 30 : 1) * normal())),
);
const query = Array.from({ length }, (_, i) => rows[3]![i]! + normal());
const layers = [{ offset: 0, size: length }];
const sessions = new SessionCache(8, { threads: 1 });
afterAll(() => sessions.release());

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** Influence of each row and its leverage, by the Fisher of these lines. */
async function found(lines: readonly (readonly number[])[], of = rows) {
  const fisher = await solveFisher(Float32Array.from(lines.flat()), length, sessions, reach);
  const solved = (await divideByFisher(fisher, Float32Array.from(of.flat()), sessions)).slice();
  const root = Math.sqrt(fisher.lambda);
  const vectors = of.map((_, n) => solved.subarray(n * length, (n + 1) * length));
  return {
    lambda: fisher.lambda,
    scores: vectors.map((vector) => dot(vector, query) / root / count),
    leverages: vectors.map((vector, n) => dot(vector, of[n]!) / root / count),
  };
}

const own = rows.map((row) => row.map((value) => Math.fround(value / Math.sqrt(count))));

test('a row divided by the Fisher of the rows gives its influence, and its leverage', async () => {
  const { scores, leverages, lambda } = await found(own);
  expect(lambda).toBe(1 / reach);
  const expected = referenceInfluence(rows, query, layers, { reach });
  const largest = Math.max(...expected.map(Math.abs));
  for (const n of rows.keys()) {
    expect(Math.abs(scores[n]! - expected[n]!)).toBeLessThan(1e-4 * largest);
    expect(leverages[n]).toBeCloseTo(referenceInfluence(rows, rows[n]!, layers, { reach })[n]!, 4);
  }
});

test('with drawn gradients in the Fisher, the same influence by its definition, and leverages within their bound', async () => {
  // More lines than are multiplied or solved at a time, twice over.
  const drawn = Array.from({ length: 520 }, () => Array.from({ length }, () => Math.fround(normal() / 4)));
  const lines = [...drawn, ...own];
  const { scores, leverages } = await found(lines);
  const expected = referenceInfluence(rows, query, layers, { reach, root: lines });
  const largest = Math.max(...expected.map(Math.abs));
  for (const n of rows.keys()) {
    expect(Math.abs(scores[n]! - expected[n]!)).toBeLessThan(1e-4 * largest);
    const leverage = referenceInfluence(rows, rows[n]!, layers, { reach, root: lines })[n]!;
    expect(leverages[n]! / leverage).toBeCloseTo(1, 3);
    expect(leverages[n]).toBeLessThan(1);
  }
  // The first row is thirty times as large: without its own part in the Fisher nothing would hold it.
  expect(referenceInfluence(rows, rows[0]!, layers, { reach, root: drawn })[0]).toBeGreaterThan(2);
});

test('rows that move nothing score nothing', async () => {
  const silent = Array.from({ length: 3 }, () => new Array<number>(length).fill(0));
  const { scores, lambda } = await found(silent, silent);
  expect(lambda).toBe(1);
  expect(scores).toEqual([0, 0, 0]);
});
