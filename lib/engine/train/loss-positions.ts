import type { MicroBatch } from './batches.ts';

/** The positions of a micro-batch that carry loss, equally many a row: `at` says where they stand in [B*T]. */
export type LossPositions = {
  /** Positions a row; what fills up a shorter row is the batch's first position, and weighs 0. */
  width: number;
  /** All [B * width], but `back` [B*T]: which of them each position of the batch is, B * width where it is none. */
  feeds: { at: Int32Array; back: Int32Array; labels: Int32Array; lossWeights: Float32Array };
};

/**
 * What `width` is for `batch` rows of `time` positions, of which at most `count` carry loss: so many eighths of them for a
 * single row, an answer; so many quarters for more, as an index is built. Each width is a graph of its own, which costs about as
 * much to compile as a batch to compute: of answers there will be more than there are batches in most builds.
 */
export function lossWidth(count: number, time: number, batch: number): number {
  const step = Math.ceil(time / (batch === 1 ? 8 : 4));
  return Math.min(time, step * Math.max(1, Math.ceil(count / step)));
}

/** Gathers the positions that carry loss, in order. */
export function lossPositions({ batch, time, feeds }: MicroBatch): LossPositions {
  const rows = Array.from({ length: batch }, (_, row) => {
    const own: number[] = [];
    for (let at = row * time; at < (row + 1) * time; at++) if (feeds.lossWeights[at] !== 0) own.push(at);
    return own;
  });
  const width = lossWidth(Math.max(...rows.map((own) => own.length)), time, batch);
  const at = new Int32Array(batch * width);
  const back = new Int32Array(batch * time).fill(batch * width);
  const labels = new Int32Array(batch * width);
  const lossWeights = new Float32Array(batch * width);
  for (const [row, own] of rows.entries()) {
    for (const [i, position] of own.entries()) {
      at[row * width + i] = position;
      back[position] = row * width + i;
      labels[row * width + i] = feeds.labels[position]!;
      lossWeights[row * width + i] = feeds.lossWeights[position]!;
    }
  }
  return { width, feeds: { at, back, labels, lossWeights } };
}
