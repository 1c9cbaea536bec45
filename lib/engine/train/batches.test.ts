import { describe, expect, test } from 'vitest';
import { epochBatches, plainBatches, toMicroBatch } from './batches.ts';

const lengths = Array.from({ length: 53 }, (_, i) => 5 + ((i * 37) % 120));
const options = { datasetRoot: 'root', epoch: 0, seed: 0, batchSize: 8, maxTime: 128 };

describe('the batches of an epoch', () => {
  test('hold every row once, padded to no less than the longest of them', () => {
    const batches = epochBatches(lengths, options);
    expect(batches.flatMap(({ rows }) => rows).sort((a, b) => a - b)).toEqual(lengths.map((_, row) => row));
    for (const { rows, time } of batches) {
      expect(rows.length).toBeLessThanOrEqual(8);
      expect(time).toBeGreaterThanOrEqual(Math.max(...rows.map((row) => lengths[row]!)));
      expect(time).toBeLessThanOrEqual(128);
    }
  });

  test('are the same again for the same root, epoch and seed, and others for any other', () => {
    const key = (changed: Partial<typeof options>): string =>
      JSON.stringify(epochBatches(lengths, { ...options, ...changed }));
    expect(key({})).toBe(key({}));
    const keys = [key({}), key({ datasetRoot: 'other' }), key({ epoch: 1 }), key({ seed: 1 })];
    expect(new Set(keys).size).toBe(4);
  });

  test('are equally many in every epoch, whatever the order', () => {
    const counts = [0, 1, 2, 3].map((epoch) => epochBatches(lengths, { ...options, epoch }).length);
    expect(new Set(counts).size).toBe(1);
  });
});

test('plain batches hold every row once', () => {
  const rows = plainBatches(lengths, 8, 128).flatMap((batch) => batch.rows);
  expect(rows.sort((a, b) => a - b)).toEqual(lengths.map((_, row) => row));
});

test('padding and unmasked positions weigh nothing', () => {
  const example = (id: string, ids: number[], mask: number[]) => ({
    id,
    ids: Int32Array.from(ids),
    labels: Int32Array.from(ids, (token) => token + 1),
    mask: Uint8Array.from(mask),
    lossTokens: 1,
  });
  const examples = [example('a', [7, 8], [0, 1]), example('b', [9], [1])];
  const { feeds } = toMicroBatch(examples, { rows: [1, 0], time: 3 }, 3, 0.5);
  expect([...feeds.ids]).toEqual([9, 0, 0, 7, 8, 0, 0, 0, 0]);
  expect([...feeds.labels]).toEqual([10, 0, 0, 8, 9, 0, 0, 0, 0]);
  expect([...feeds.lossWeights]).toEqual([0.5, 0, 0, 0, 0.5, 0, 0, 0, 0]);
});
