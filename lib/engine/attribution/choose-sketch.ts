import type { AdapterLayout } from '../lora/layout.ts';
import { type ScopeOfB, scopedLayout } from '../lora/layout-part.ts';
import type { LinearModule } from '../nn/weights.ts';
import { factorBytes } from './index-header.ts';
import { rowStride } from './row-shard.ts';

/** Columns that the sketch keeps of a B gradient's outputs and of its rank. */
export type SketchSize = { width: number; rankWidth: number };

/** What an index keeps of a gradient: some matrices, sketched. */
export type SketchChoice = SketchSize & { scope: ScopeOfB };

/** What follows attention in a layer: its gradients need no backward pass through attention. */
const lateModules: readonly LinearModule[] = ['o_proj', 'gate_proj', 'up_proj', 'down_proj'];
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
 * The matrices after attention of the last adapted layer (all of that layer's where none of those is adapted), in the widest
 * sketch whose index stays within `bytesPerRowMax`: row, id and the row's part of the factors.
 *
 * Few matrices and many columns: on a planted world (160 rows, ceiling .77) the linear datamodeling score of everything is .66
 * unprojected, .65 at 2,688 features and .62 at 1,344; of these four matrices .68 unprojected, .67 at 2,048 and .65 at 1,184.
 * Where a width of 4 does not fit, the rank side is projected, too, to half its columns.
 *
 * @param asked another scope; another width, which then keeps all of the rank
 */
export function chooseSketch(
  layout: AdapterLayout,
  rows: number,
  asked: { scope?: ScopeOfB | undefined; width?: number | undefined } = {},
): SketchChoice {
  const { r } = layout.lora;
  const scope = asked.scope ?? lastMatrices(layout);
  if (asked.width !== undefined) return { scope, width: asked.width, rankWidth: r };
  const own = scopedLayout(layout, scope);
  const fits = (size: SketchSize): boolean => isWithin(own, rows, size);
  let rankWidth = r;
  while (rankWidth > 1 && !fits({ width: widthMin, rankWidth })) rankWidth = Math.ceil(rankWidth / 2);
  let width = Math.max(...own.entries.map(({ shape }) => shape[0]));
  while (width > 1 && !fits({ width, rankWidth })) width -= 1;
  return { scope, width, rankWidth };
}

function lastMatrices({ entries, lora }: AdapterLayout): ScopeOfB {
  const late = lora.targetModules.filter((module) => lateModules.includes(module));
  return { firstLayer: entries.at(-1)!.layer, modules: late.length > 0 ? late : lora.targetModules };
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
