import type { AdapterLayout } from '../lora/layout.ts';
import { type ScopeOfB, scopedLayout } from '../lora/layout-part.ts';
import { factorBytes } from './index-header.ts';
import { rowStride } from './row-shard.ts';

/** Columns that the sketch keeps of a B gradient's outputs and of its rank. */
export type SketchSize = { width: number; rankWidth: number };

/** What an index keeps of a gradient: some matrices, sketched. */
export type SketchChoice = SketchSize & { scope: ScopeOfB };

/** More would fit into 4 kB, but whitening costs their square a row and their cube an index. */
const featuresMax = 2048;
/** Under this the output side says too little, and the rank side gives way first. */
const widthMin = 4;
const idBytes = 32;
const headerBytes = 1024;
/** An index of fewer rows may be as large as one of so many, 10 MB: narrow rows would cost accuracy to save next to nothing. */
const smallIndexRows = 2500;

/** Bytes of index a row, everything counted: 4 kB, and 2 kB beyond 100,000 rows. */
export function bytesPerRowMax(rows: number): number {
  return rows > 100_000 ? 2048 : 4096;
}

/**
 * The last adapted layer in the widest sketch whose index stays within `bytesPerRowMax`: row, id and the row's part of the
 * factor. Where a width of 4 does not fit, the rank side is projected, too, to half its columns.
 *
 * One layer, because the number of features is what accuracy costs, and the backward pass ends there. Linear datamodeling
 * scores against retraining, 108 real rows on the shipped base: all layers .52 at 4,480 features; the last one .51 at 3,584
 * and .50 at 2,016; the last two .43 at 2,016; without the last one's queries and keys .45, without its values, too, .39.
 * A planted world of 160 rows: all layers .65 at 2,688, the last one .64 at 1,792, the last two .63.
 *
 * @param asked another scope; another width, which then keeps all of the rank
 */
export function chooseSketch(
  layout: AdapterLayout,
  rows: number,
  asked: { scope?: ScopeOfB | undefined; width?: number | undefined } = {},
): SketchChoice {
  const { r } = layout.lora;
  const scope = asked.scope ?? { firstLayer: layout.entries.at(-1)!.layer, modules: layout.lora.targetModules };
  if (asked.width !== undefined) return { scope, width: asked.width, rankWidth: r };
  const own = scopedLayout(layout, scope);
  const fits = (size: SketchSize): boolean => isWithin(own, rows, size);
  let rankWidth = r;
  while (rankWidth > 1 && !fits({ width: widthMin, rankWidth })) rankWidth = Math.ceil(rankWidth / 2);
  let width = Math.max(...own.entries.map(({ shape }) => shape[0]));
  while (width > 1 && !fits({ width, rankWidth })) width -= 1;
  return { scope, width, rankWidth };
}

function isWithin({ entries }: AdapterLayout, rows: number, { width, rankWidth }: SketchSize): boolean {
  const sizes = new Map<number, number>();
  for (const { layer, shape } of entries) {
    sizes.set(layer, (sizes.get(layer) ?? 0) + Math.min(width, shape[0]) * rankWidth);
  }
  const layers = Array.from(sizes.values(), (size) => ({ size }));
  const dims = layers.reduce((sum, { size }) => sum + size, 0);
  const bytes = rows * (rowStride(dims) + idBytes) + factorBytes(layers, 'bfloat16') + headerBytes;
  return dims <= featuresMax && bytes <= Math.max(rows, smallIndexRows) * bytesPerRowMax(rows);
}
