import { createHash } from 'node:crypto';
import type { PreparedExample } from './prepare-examples.ts';
import { createPermutation } from './random.ts';

/** One step's rows; `time` is the bucket that all of them are padded to. */
export type Batch = { rows: readonly number[]; time: number };

/** Rows that go through the model together, padded to one length. All arrays are [batch * time], row major. */
export type MicroBatch = {
  batch: number;
  time: number;
  feeds: { ids: Int32Array; labels: Int32Array; lossWeights: Float32Array };
};

/** Lengths that batches are padded to: few, because each (batch, time) shape is compiled once. */
const timeBuckets = [32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 4096, 8192];

/** The padded length of a sequence. */
export function timeBucket(length: number, maxTime: number): number {
  return Math.min(timeBuckets.find((bucket) => bucket >= length) ?? length, maxTime);
}

/**
 * The batches of one epoch, a pure function of (datasetRoot, epoch, seed) and the lengths.
 *
 * Rows come in the Fisher-Yates order of SHA-256(datasetRoot || epoch || seed), which anybody can recompute and nobody
 * can choose; each goes to its length bucket, and a full bucket is a batch. What is left over is batched by length.
 */
export function epochBatches(
  lengths: readonly number[],
  { datasetRoot, epoch, seed, batchSize, maxTime }: EpochOptions,
): Batch[] {
  const key = createHash('sha256').update(`${datasetRoot}|${epoch}|${seed}`).digest('hex');
  const batches: Batch[] = [];
  const pending = new Map<number, number[]>();
  for (const row of createPermutation(lengths.length, key)) {
    const time = timeBucket(lengths[row]!, maxTime);
    const rows = [...(pending.get(time) ?? []), row];
    if (rows.length === batchSize) batches.push({ rows, time });
    pending.set(time, rows.length === batchSize ? [] : rows);
  }
  const rest = [...pending].sort(([a], [b]) => a - b).flatMap(([time, rows]) => rows.map((row) => ({ row, time })));
  for (let i = 0; i < rest.length; i += batchSize) {
    const part = rest.slice(i, i + batchSize);
    batches.push({ rows: part.map(({ row }) => row), time: part.at(-1)!.time });
  }
  return batches;
}

export type EpochOptions = { datasetRoot: string; epoch: number; seed: number; batchSize: number; maxTime: number };

/** Batches in the given order of rows grouped by bucket, for evaluation and for per-example work. */
export function plainBatches(lengths: readonly number[], batchSize: number, maxTime: number): Batch[] {
  const groups = new Map<number, number[]>();
  for (const [row, length] of lengths.entries()) {
    const time = timeBucket(length, maxTime);
    groups.set(time, [...(groups.get(time) ?? []), row]);
  }
  return [...groups].flatMap(([time, rows]) =>
    Array.from({ length: Math.ceil(rows.length / batchSize) }, (_, i) => ({
      rows: rows.slice(i * batchSize, (i + 1) * batchSize),
      time,
    })),
  );
}

/**
 * A batch as arrays, padded to [batchSize, time]; padding and unmasked positions weigh 0.
 * @param unit weight of a position that carries loss
 */
export function toMicroBatch(
  examples: readonly PreparedExample[],
  { rows, time }: Batch,
  batchSize: number,
  unit: number,
): MicroBatch {
  const size = batchSize * time;
  const feeds = { ids: new Int32Array(size), labels: new Int32Array(size), lossWeights: new Float32Array(size) };
  for (const [slot, row] of rows.entries()) {
    const { ids, labels, mask } = examples[row]!;
    feeds.ids.set(ids, slot * time);
    feeds.labels.set(labels, slot * time);
    for (let t = 0; t < mask.length; t++) feeds.lossWeights[slot * time + t] = mask[t]! * unit;
  }
  return { batch: batchSize, time, feeds };
}
