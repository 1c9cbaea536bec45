import type { AdapterLayout } from '../lora/layout.ts';
import { type ScopeOfB, scopedLayout } from '../lora/layout-part.ts';
import type { BasisSize } from './gradient-bases.ts';
import { basisBytes, factorBytes } from './index-header.ts';
import { rowStride } from './row-shard.ts';

/** What an index keeps of a gradient: some matrices, and so many columns of each layer's. */
export type SketchChoice = BasisSize & { scope: ScopeOfB };

/** Of a layer. More would fit into 4 kB, but whitening costs their square a row and their cube an index. */
const featuresMax = 1024;
/** Under so many columns a matrix the output side says too little, and the rank side gives way first. */
const columnsMin = 4;
export const idBytes = 32;
export const headerBytes = 2048;
/** An index of fewer rows may be as large as one of so many, 4 MB: narrow rows would cost accuracy to save next to nothing. */
export const smallIndexRows = 1000;
/** Up to so many rows an index is of all layers, and its rows' gradients are taken at the start of the training, too. */
export const thoroughRows = 10_000;

/** Bytes of index a row, everything counted: 4 kB, and 2 kB beyond 100,000 rows. */
export function bytesPerRowMax(rows: number): number {
  return rows > 100_000 ? 2048 : 4096;
}

/**
 * All adapted layers, beyond 10,000 rows the last two, with as many columns as stay within `bytesPerRowMax`: row, id and the row's part of factors and
 * bases. Where 4 columns a matrix do not fit, the rank side is projected, too, to half its columns.
 *
 * Accuracy grows with the layers, but so does what an answer's gradient costs, and of a large index the answer's time is asked for.
 * Linear datamodeling scores against retraining at 2,048 features in all: 108 real rows on the shipped base: the last layer .52, two
 * .58, three .58, all five .60; 200 specification texts: two .36, all five .44 (of one seed); a smooth fine-tune of 320 planted rows:
 * .77, .80, and all three .79 (docs/engine-log.md).
 *
 * @param asked another scope; another number of columns, which then keeps all of the rank
 */
export function chooseSketch(
  layout: AdapterLayout,
  rows: number,
  asked: { scope?: ScopeOfB | undefined; columns?: number | undefined } = {},
): SketchChoice {
  const { r, targetModules } = layout.lora;
  const adapted = [...new Set(layout.entries.map(({ layer }) => layer))];
  const scope = asked.scope ?? { firstLayer: firstOf(adapted, rows), modules: targetModules };
  if (asked.columns !== undefined) return { scope, columns: asked.columns, rankWidth: r };
  const own = scopedLayout(layout, scope);
  const fits = (size: BasisSize): boolean => isWithin(own, rows, size);
  let rankWidth = r;
  while (rankWidth > 1 && !fits({ columns: columnsMin * targetModules.length, rankWidth })) {
    rankWidth = Math.ceil(rankWidth / 2);
  }
  let columns = Math.max(...outputsByLayer(own));
  while (columns > 1 && !fits({ columns, rankWidth })) columns -= 1;
  return { scope, columns, rankWidth };
}

function firstOf(adapted: readonly number[], rows: number): number {
  return (rows > thoroughRows ? adapted.at(-2) : undefined) ?? adapted[0]!;
}

function isWithin(layout: AdapterLayout, rows: number, { columns, rankWidth }: BasisSize): boolean {
  const layers = outputsByLayer(layout).map((outputs) => ({ size: Math.min(columns, outputs) * rankWidth }));
  const dims = layers.reduce((sum, { size }) => sum + size, 0);
  const widest = Math.max(...layout.entries.map(({ shape }) => shape[0]));
  const bases = layers.map(() => ({ outputs: widest, columns, output: true, rank: false }));
  const sides = layout.entries.map(() => ({ outputs: 0, columns: 0, output: false, rank: rankWidth < layout.lora.r }));
  const fixed =
    factorBytes(layers, 'bfloat16') + basisBytes([...bases, ...sides], layout.lora.r, rankWidth) + headerBytes;
  const bytes = rows * (rowStride(dims) + idBytes) + fixed;
  return (
    layers.every(({ size }) => size <= featuresMax) && bytes <= Math.max(rows, smallIndexRows) * bytesPerRowMax(rows)
  );
}

/** Outputs of all matrices of each layer. */
function outputsByLayer({ entries }: AdapterLayout): number[] {
  const layers = Map.groupBy(entries, ({ layer }) => layer);
  return Array.from(layers.values(), (own) => own.reduce((sum, { shape }) => sum + shape[0], 0));
}
