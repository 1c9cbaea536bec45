import type { MicroBatch } from './batches.ts';

/** The positions of a micro-batch that carry loss, equally many a row: `at` says where they stand in [B*T]. */
export type LossPositions = {
  /** Positions a row; what fills up a shorter row is the batch's first position, and weighs 0. */
  width: number;
  /** All [B * width]. */
  feeds: { at: Int32Array; labels: Int32Array; lossWeights: Float32Array };
};

/**
 * What `width` is for rows of `time` positions, of which at most `count` carry loss: half of them or all. A shape costs more to
 * compile than an answer's gradient to compute, so there are only two for each length.
 */
export function lossWidth(count: number, time: number): number {
  const half = Math.ceil(time / 2);
  return count <= half ? half : time;
}

/** Gathers the positions that carry loss, in order. */
export function lossPositions({ batch, time, feeds }: MicroBatch): LossPositions {
  const rows = Array.from({ length: batch }, (_, row) => {
    const own: number[] = [];
    for (let at = row * time; at < (row + 1) * time; at++) if (feeds.lossWeights[at] !== 0) own.push(at);
    return own;
  });
  const width = lossWidth(Math.max(...rows.map((own) => own.length)), time);
  const at = new Int32Array(batch * width);
  const labels = new Int32Array(batch * width);
  const lossWeights = new Float32Array(batch * width);
  for (const [row, own] of rows.entries()) {
    for (const [i, position] of own.entries()) {
      at[row * width + i] = position;
      labels[row * width + i] = feeds.labels[position]!;
      lossWeights[row * width + i] = feeds.lossWeights[position]!;
    }
  }
  return { width, feeds: { at, labels, lossWeights } };
}
