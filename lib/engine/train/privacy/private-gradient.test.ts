import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toMicroBatch } from '../batches.ts';
import { createTinyEngine } from '../test-support/tiny-engine.ts';
import { privateGradient } from './private-gradient.ts';

let root: string;
let tiny: Awaited<ReturnType<typeof createTinyEngine>>;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'private-'));
  tiny = await createTinyEngine(root);
});
afterAll(async () => {
  await tiny.sessions.release();
  await rm(root, { recursive: true });
});

const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

async function gradientOf(rows: number[], noiseMultiplier: number, clipNorm: number, step = 1): Promise<Float32Array> {
  const { engine, theta, set, layout } = tiny;
  const batch = toMicroBatch(set.examples, { rows, time: 64 }, 4, ({ lossTokens }) => 1 / lossTokens);
  const sum = new Float32Array(layout.length).fill(9);
  const privacy = { noiseMultiplier, clipNorm, delta: 1e-5 };
  await privateGradient(engine, theta, [batch], { step, secret: 's', privacy, expectedRows: 4 }, sum);
  return sum;
}

test('without clipping and noise it is the mean of the rows', async () => {
  const [a, b, both] = [await gradientOf([0], 0, 1e3), await gradientOf([1], 0, 1e3), await gradientOf([0, 1], 0, 1e3)];
  expect(norm(both)).toBeGreaterThan(0.01);
  for (let i = 0; i < both.length; i += 7) expect(both[i]!).toBeCloseTo(a[i]! + b[i]!, 5);
});

test('one row more moves the sum by the clipping norm at most, and a long gradient by exactly that', async () => {
  const [without, with_] = [await gradientOf([0, 1, 2], 0, 0.05), await gradientOf([0, 1, 2, 3], 0, 0.05)];
  expect(4 * norm(with_.map((value, i) => value - without[i]!))).toBeCloseTo(0.05, 5);
});

test('noise has the stated deviation, and is there without a single row', async () => {
  const [one, again, other] = [
    await gradientOf([], 2, 0.1),
    await gradientOf([], 2, 0.1),
    await gradientOf([], 2, 0.1, 2),
  ];
  expect(one).toEqual(again);
  expect(one).not.toEqual(other);
  const deviation = norm(one) / Math.sqrt(one.length);
  expect(deviation / ((2 * 0.1) / 4)).toBeGreaterThan(1 - 4 / Math.sqrt(2 * one.length));
  expect(deviation / ((2 * 0.1) / 4)).toBeLessThan(1 + 4 / Math.sqrt(2 * one.length));
});
