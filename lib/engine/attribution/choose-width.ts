import type { AdapterLayout } from '../lora/layout.ts';
import { factorBytes } from './index-header.ts';
import { rowStride } from './row-shard.ts';

/** Columns that the sketch keeps of a B gradient's outputs and of its rank. */
export type SketchSize = { width: number; rankWidth: number };

const widthMax = 16;
/** Under this the output side says too little, and the rank side gives way first. */
const widthMin = 4;
const idBytes = 32;
/** Up to so many rows the factors do not count: such an index is small in any case, and narrow rows would cost accuracy. */
const smallIndexRows = 10_000;

/** Bytes of index a row, everything counted: 4 kB, and 2 kB beyond 100,000 rows. */
export function bytesPerRowMax(rows: number): number {
  return rows > 100_000 ? 2048 : 4096;
}

/**
 * The widest sketch, up to 16, whose index stays within `bytesPerRowMax`: row, id and the row's part of the factors. Where a
 * width of 4 does not fit, the rank side is projected, too, to half its columns until it does.
 *
 * What narrowness costs was measured on a rank-8 adapter of 320 rows: linear datamodeling score 0.78 at 7,168 features, 0.76
 * at 3,584, 0.67 at 896, 0.58 at 448. Read off between those, a usual index (3,360 to 3,920 features on the shipped base)
 * loses 0.02 and a large one (1,960) 0.06. More rows may need more features: compare `dEff`, of which dims should be 15 times.
 */
export function chooseWidth(layout: AdapterLayout, rows: number): SketchSize {
  const { r } = layout.lora;
  const fits = (size: SketchSize): boolean => bytesPerRow(layout, rows, size) <= bytesPerRowMax(rows);
  let rankWidth = r;
  while (rankWidth > 1 && !fits({ width: widthMin, rankWidth })) rankWidth = Math.ceil(rankWidth / 2);
  let width = widthMax;
  while (width > 1 && !fits({ width, rankWidth })) width -= 1;
  return { width, rankWidth };
}

function bytesPerRow({ entries }: AdapterLayout, rows: number, { width, rankWidth }: SketchSize): number {
  const layers: { size: number }[] = [];
  for (const { layer, part } of entries) {
    if (part === 'B') layers[layer] = { size: (layers[layer]?.size ?? 0) + width * rankWidth };
  }
  const dims = layers.reduce((sum, { size }) => sum + size, 0);
  return rowStride(dims) + idBytes + factorBytes(layers) / Math.max(rows, smallIndexRows);
}
