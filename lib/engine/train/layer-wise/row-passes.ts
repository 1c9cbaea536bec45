import type { MicroBatch } from '../batches.ts';

/** A part of a micro-batch: `first` is the number of its first row in the whole. */
export type RowPass = { first: number; batch: MicroBatch };

/** Cuts a micro-batch into passes of equally many rows, at most `rows` each; passes without loss are left out. */
export function rowPasses(whole: MicroBatch, rows: number): RowPass[] {
  const { batch, time, feeds, masks } = whole;
  const size = largestDivisor(batch, rows);
  return Array.from({ length: batch / size }, (_, i) => i * size)
    .map((first) => {
      const cut = <A extends Float32Array | Int32Array>(array: A): A =>
        array.subarray(first * time, (first + size) * time) as A;
      const part: MicroBatch = {
        batch: size,
        time,
        feeds: {
          ids: cut(feeds.ids),
          labels: cut(feeds.labels),
          lossWeights: cut(feeds.lossWeights),
          ...(feeds.segments && { segments: cut(feeds.segments) }),
        },
        ...(masks && { masks: cutMasks(masks, batch, first, size) }),
      };
      return { first, batch: part };
    })
    .filter(({ batch: { feeds: part } }) => part.lossWeights.some((weight) => weight !== 0));
}

function cutMasks(masks: NonNullable<MicroBatch['masks']>, batch: number, first: number, size: number) {
  const entries = Object.entries(masks).map(([name, mask]) => {
    const row = mask.length / batch;
    return [name, mask.subarray(first * row, (first + size) * row)] as const;
  });
  return Object.fromEntries(entries);
}

function largestDivisor(of: number, atMost: number): number {
  for (let size = Math.min(of, Math.max(1, atMost)); ; size--) if (of % size === 0) return size;
}
