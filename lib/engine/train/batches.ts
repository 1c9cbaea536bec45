import { createHash } from 'node:crypto';
import { packRows } from './pack-rows.ts';
import type { PreparedExample } from './prepare-examples.ts';
import { createPermutation } from './random.ts';

/** Rows that go through the model together; `time` is the bucket that all of them are padded to. */
export type Batch = {
  rows: readonly number[];
  time: number;
  /** Packed batches: the rows by the line of the batch that they share. */
  bins?: readonly (readonly number[])[];
};

/**
 * Rows that go through the model together, padded to one length. All arrays are [batch * time], row major. Packed ones
 * have `segments`: the number, from 1, of the example that a token belongs to in its line.
 */
export type MicroBatch = {
  batch: number;
  time: number;
  feeds: { ids: Int32Array; labels: Int32Array; lossWeights: Float32Array } & { segments?: Int32Array };
  /** Dropout of a training step: which inputs of each adapted layer are kept, see `DropoutMasks`. */
  masks?: Readonly<Record<string, Uint8Array>>;
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
  { datasetRoot, epoch, seed, batchSize, maxTime, reads }: EpochOptions,
): Batch[] {
  const drawn = epochOrder(reads?.length ?? lengths.length, { datasetRoot, epoch, seed });
  const order = reads ? Array.from(drawn, (at) => reads[at]!) : drawn;
  const batches: Batch[] = [];
  const pending = new Map<number, number[]>();
  for (const row of order) {
    const time = timeBucket(lengths[row]!, maxTime);
    const rows = pending.get(time) ?? [];
    rows.push(row);
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

export type EpochOptions = {
  datasetRoot: string;
  epoch: number;
  seed: number;
  batchSize: number;
  maxTime: number;
  /** Row by reading, where the pass does not read every row once. */
  reads?: readonly number[] | undefined;
};

/** As `epochBatches`, with several rows in each line of `maxTime` tokens; equally many batches in every epoch. */
export function packedBatches(lengths: readonly number[], options: EpochOptions): Batch[] {
  const { batchSize, maxTime: time } = options;
  const packed = packRows(lengths, epochOrder(lengths.length, options), time);
  const order = createPermutation(packed.length, `${epochKey(options)}|bins`);
  const bins = Array.from(order, (at) => packed[at]!);
  return Array.from({ length: Math.ceil(bins.length / batchSize) }, (_, i) => {
    const part = bins.slice(i * batchSize, (i + 1) * batchSize);
    return { rows: part.flat(), time, bins: part };
  });
}

/** Batches in the given order of rows grouped by bucket, for evaluation and for per-example work. */
export function plainBatches(lengths: readonly number[], batchSize: number, maxTime: number): Batch[] {
  const groups = new Map<number, number[]>();
  for (const [row, length] of lengths.entries()) {
    const time = timeBucket(length, maxTime);
    const group = groups.get(time);
    if (group) group.push(row);
    else groups.set(time, [row]);
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
 * @param unit weight of a position that carries loss; a function gives each example its own
 */
export function toMicroBatch(
  examples: readonly PreparedExample[],
  { rows, time, bins }: Batch,
  batchSize: number,
  unit: number | ((example: PreparedExample) => number),
): MicroBatch {
  const size = batchSize * time;
  const feeds = { ids: new Int32Array(size), labels: new Int32Array(size), lossWeights: new Float32Array(size) };
  const segments = bins && new Int32Array(size);
  for (const [line, bin] of (bins ?? rows.map((row) => [row])).entries()) {
    let at = line * time;
    for (const [segment, row] of bin.entries()) {
      const example = examples[row]!;
      const weight = typeof unit === 'number' ? unit : unit(example);
      feeds.ids.set(example.ids, at);
      feeds.labels.set(example.labels, at);
      for (let t = 0; t < example.mask.length; t++) feeds.lossWeights[at + t] = example.mask[t]! * weight;
      segments?.fill(segment + 1, at, at + example.ids.length);
      at += example.ids.length;
    }
  }
  return { batch: batchSize, time, feeds: { ...feeds, ...(segments && { segments }) } };
}

type EpochKey = Pick<EpochOptions, 'datasetRoot' | 'epoch' | 'seed'>;

function epochOrder(length: number, key: EpochKey): Int32Array {
  return createPermutation(length, epochKey(key));
}

function epochKey({ datasetRoot, epoch, seed }: EpochKey): string {
  return createHash('sha256').update(`${datasetRoot}|${epoch}|${seed}`).digest('hex');
}
