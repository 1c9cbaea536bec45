import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toMicroBatch } from './batches.ts';
import { DropoutMasks } from './dropout-masks.ts';
import { createTinyEngine } from './test-support/tiny-engine.ts';

let root: string;
let tiny: Awaited<ReturnType<typeof createTinyEngine>>;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dropout-'));
  tiny = await createTinyEngine(root, { loraDropout: 0.25 });
});
afterAll(async () => {
  await tiny.sessions.release();
  await rm(root, { recursive: true });
});

const digests = (masks: Readonly<Record<string, Uint8Array>>) =>
  Object.values(masks).map((mask) => createHash('sha256').update(mask).digest('hex'));

test('masks follow from seed and time alone, differ between layers, and keep the stated share', () => {
  const masks = new DropoutMasks(tiny.layout, 7);
  const drawn = masks.draw({ step: 3, microBatch: 1 }, 1024);
  for (const mask of Object.values(drawn)) {
    const share = mask.reduce((sum, bit) => sum + bit, 0) / mask.length;
    expect(Math.abs(share - 0.75)).toBeLessThan(5 * Math.sqrt((0.75 * 0.25) / mask.length));
  }
  const first = digests(drawn);
  expect(new Set(first).size).toBe(14);
  expect(digests(new DropoutMasks(tiny.layout, 7).draw({ step: 3, microBatch: 1 }, 1024))).toEqual(first);
  const others = [
    digests(masks.draw({ step: 3, microBatch: 0 }, 1024)),
    digests(masks.draw({ step: 4, microBatch: 1 }, 1024)),
    digests(new DropoutMasks(tiny.layout, 8).draw({ step: 3, microBatch: 1 }, 1024)),
  ];
  for (const other of others) expect(other).not.toEqual(first);
});

test('a step with masks has the gradient of its own loss; one that drops nothing only scales the adapter', async () => {
  const { engine, theta, set, layout } = tiny;
  const plain = toMicroBatch(set.examples, { rows: [0, 1, 2], time: 64 }, 3, 0.1);
  const masks = new DropoutMasks(layout, 1).draw({ step: 1, microBatch: 0 }, 3 * 64);
  const dropped = { ...plain, masks };
  const gradient = new Float32Array(layout.length);
  const loss = await engine.addGradient(theta, dropped, gradient);
  const lossAt = (at: Float32Array) => engine.addGradient(at, dropped, new Float32Array(layout.length));
  // Along the gradient itself: far steeper than the rounding of float32 losses.
  const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
  const [up, down] = [1e-2, -1e-2].map((h) => theta.map((value, i) => value + (h * gradient[i]!) / norm));
  const slope = ((await lossAt(up!)) - (await lossAt(down!))) / 2e-2;
  expect(slope / norm).toBeCloseTo(1, 2);

  const withoutMasks = await engine.addGradient(theta, plain, new Float32Array(layout.length));
  expect(Math.abs(loss - withoutMasks)).toBeGreaterThan(1e-4);
  const ones = Object.fromEntries(Object.entries(masks).map(([name, mask]) => [name, mask.map(() => 1)]));
  const kept = await engine.addGradient(theta, { ...plain, masks: ones }, new Float32Array(layout.length));
  // B A / (1 - p): the same as a B that is as much larger.
  const scaled = theta.slice();
  for (const { part, offset, length } of layout.entries) {
    if (part === 'B') for (let i = offset; i < offset + length; i++) scaled[i]! /= 0.75;
  }
  const expected = await engine.addGradient(scaled, plain, new Float32Array(layout.length));
  expect(kept / expected).toBeCloseTo(1, 5);
});
