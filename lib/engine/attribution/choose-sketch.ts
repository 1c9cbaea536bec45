import type { AdapterLayout } from '../lora/layout.ts';
import { layoutPart } from '../lora/layout-part.ts';
import { factorBytes } from './index-header.ts';
import { rowStride } from './row-shard.ts';

/** Columns that the sketch keeps of a B gradient's outputs and of its rank. */
export type SketchSize = { width: number; rankWidth: number };

/** What an index keeps of a gradient: the layers from `firstLayer` on, sketched. */
export type SketchChoice = SketchSize & { firstLayer: number };

/** Layers whose gradients count: the last ones, where the backward pass begins. */
const attributedLayers = 2;
const widthMax = 16;
/** Under this the output side says too little, and the rank side gives way first. */
const widthMin = 4;
const idBytes = 32;
/** Up to so many rows the factors do not count: such an index is small in any case, and narrow rows would cost accuracy. */
const smallIndexRows = 1000;

/** Bytes of index a row, everything counted: 4 kB, and 2 kB beyond 100,000 rows. */
export function bytesPerRowMax(rows: number): number {
  return rows > 100_000 ? 2048 : 4096;
}

/**
 * The last two layers and the widest sketch of them, up to 16, whose index stays within `bytesPerRowMax`: row, id and the
 * row's part of the factors. Where a width of 4 does not fit, the rank side is projected, too, to half its columns.
 *
 * @param layers how many of the last layers count, in place of two @param width in place of the widest; all of the rank then
 */
export function chooseSketch(
  layout: AdapterLayout,
  rows: number,
  { layers = attributedLayers, width: asked }: { layers?: number | undefined; width?: number | undefined } = {},
): SketchChoice {
  const { r } = layout.lora;
  const firstLayer = Math.max(0, layout.entries.at(-1)!.layer + 1 - layers);
  if (asked !== undefined) return { firstLayer, width: asked, rankWidth: r };
  const own = layoutPart(layout, firstLayer, Number.POSITIVE_INFINITY);
  const fits = (size: SketchSize): boolean => bytesPerRow(own, rows, size) <= bytesPerRowMax(rows);
  let rankWidth = r;
  while (rankWidth > 1 && !fits({ width: widthMin, rankWidth })) rankWidth = Math.ceil(rankWidth / 2);
  let width = widthMax;
  while (width > 1 && !fits({ width, rankWidth })) width -= 1;
  return { firstLayer, width, rankWidth };
}

function bytesPerRow({ entries }: AdapterLayout, rows: number, { width, rankWidth }: SketchSize): number {
  const sizes = new Map<number, number>();
  for (const { layer, part } of entries) {
    if (part === 'B') sizes.set(layer, (sizes.get(layer) ?? 0) + width * rankWidth);
  }
  const layers = Array.from(sizes.values(), (size) => ({ size }));
  const dims = layers.reduce((sum, { size }) => sum + size, 0);
  return rowStride(dims) + idBytes + factorBytes(layers) / Math.max(rows, smallIndexRows);
}
