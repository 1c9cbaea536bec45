import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packedBatches, plainBatches, toMicroBatch } from './batches.ts';
import { packRows } from './pack-rows.ts';
import { createPermutation } from './random.ts';
import { createTinyEngine } from './test-support/tiny-engine.ts';

const lengths = Array.from({ length: 300 }, (_, i) => 4 + ((i * 53) % 61));

test('bins hold every row once, within capacity, nearly full, and equally many in every order', () => {
  const counts = ['a', 'b', 'c'].map((seed) => {
    const bins = packRows(lengths, createPermutation(lengths.length, seed), 64);
    expect(bins.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, row) => row));
    for (const bin of bins) expect(bin.reduce((sum, row) => sum + lengths[row]!, 0)).toBeLessThanOrEqual(64);
    return bins.length;
  });
  const least = Math.ceil(lengths.reduce((sum, length) => sum + length, 0) / 64);
  expect(new Set(counts).size).toBe(1);
  expect(counts[0]!).toBeLessThanOrEqual(1.1 * least);
});

test('neighbours change with the epoch, and a row as long as the line stands alone', () => {
  const options = { datasetRoot: 'root', seed: 0, batchSize: 4, maxTime: 64 };
  const [one, two] = [0, 1].map((epoch) => packedBatches(lengths, { ...options, epoch }));
  expect(one!.length).toBe(two!.length);
  expect(JSON.stringify(one)).not.toBe(JSON.stringify(two));
  expect(packRows([64, 3], [0, 1], 64)).toEqual([[0], [1]]);
});

test('packed examples have the losses and the gradient that each has alone', async () => {
  const root = await mkdtemp(join(tmpdir(), 'packing-'));
  const { engine, theta, set, layout, sessions } = await createTinyEngine(root);
  const rowLengths = set.examples.map(({ ids }) => ids.length);
  const alone = new Float32Array(layout.length);
  let lossAlone = 0;
  for (const batch of plainBatches(rowLengths, 3, 96)) {
    lossAlone += await engine.addGradient(theta, toMicroBatch(set.examples, batch, 3, 0.1), alone);
  }
  const packed = new Float32Array(layout.length);
  let lossPacked = 0;
  let lines = 0;
  for (const batch of packedBatches(rowLengths, { datasetRoot: '', epoch: 0, seed: 0, batchSize: 2, maxTime: 96 })) {
    lines += batch.bins!.length;
    lossPacked += await engine.addGradient(theta, toMicroBatch(set.examples, batch, 2, 0.1), packed);
  }
  expect(lines).toBeLessThan(set.examples.length);
  expect(lossPacked / lossAlone).toBeCloseTo(1, 5);
  const scale = Math.max(...alone.map(Math.abs));
  expect(Math.max(...alone.map((value, i) => Math.abs(value - packed[i]!))) / scale).toBeLessThan(1e-4);
  await sessions.release();
  await rm(root, { recursive: true });
});
