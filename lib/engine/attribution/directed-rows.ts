import type { AdapterLayout } from '../lora/layout.ts';
import { type DrawPlan, drawnCount, drawnGradients, fisherScales, planDraws } from './drawn-gradients.ts';
import { layerRanges } from './layer-ranges.ts';
import type { BitWidth, LowBitVectors } from './packed-bits.ts';
import { quantise } from './quantise.ts';
import { fitDirections } from './row-directions.ts';
import { atRowStrength, letStopIn, type RowGradientsInput, rowGradients } from './row-features.ts';
import { rowStride } from './row-shard.ts';
import { writeRow } from './write-index.ts';

export type DirectedRows = {
  /** Of each layer, N of them. */
  directions: LowBitVectors[];
  layers: { size: number; lambda: number }[];
  /** All rows as the index file has them, N codes a layer. */
  bytes: Uint8Array;
  /** See IndexHeader. */
  dEff: number;
};

/** Numbers of all gradients together, 512 MB: of a large base fewer are drawn. */
const numbersMost = 2 ** 27;

/** The draws of an index of this form, as many as fit into memory with the rows. @param layout as of `directRows` */
export function planDirectedDraws(
  source: RowGradientsInput,
  layout: AdapterLayout,
  seed: string,
  limit = Number.POSITIVE_INFINITY,
): DrawPlan {
  const length = layerRanges(layout).reduce((sum, range) => sum + range.length, 0);
  return planDraws(source, seed, Math.min(limit, Math.floor(numbersMost / length) - source.examples.length));
}

/**
 * The rows of an index by their own directions, see `RowDirections`. All gradients are in memory at once: an index of this form is of
 * few rows.
 * @param layout the B matrices of the source's scope
 */
export async function directRows(
  source: RowGradientsInput,
  layout: AdapterLayout,
  { bits, reach, seed, plan }: { bits: BitWidth; reach: number | undefined; seed: string; plan: DrawPlan },
): Promise<DirectedRows> {
  const { sessions, diagnostics } = source;
  const count = source.examples.length;
  const ranges = layerRanges(layout);
  const roots = await rootsByLayer(source, ranges, plan, seed);
  const vectors = source.examples.map(() => new Float64Array(count * ranges.length));
  const result: Omit<DirectedRows, 'bytes'> = { directions: [], layers: [], dEff: 0 };
  for (const [layer, root] of roots.entries()) {
    const { length } = ranges[layer]!;
    const fitted = await fitDirections({ root, count }, length, sessions, { reach, bits });
    const { directions, lambda, rows, leverages } = fitted;
    for (const [row, vector] of vectors.entries()) {
      vector.set(rows[row]!, layer * count);
      diagnostics.selfInfluences[row]! += leverages[row]!;
      result.dEff += leverages[row]!;
    }
    result.directions.push(directions);
    result.layers.push({ size: count, lambda });
    await letStopIn(source);
  }
  const stride = rowStride(count * ranges.length);
  const bytes = new Uint8Array(count * stride);
  for (const [row, vector] of vectors.entries()) {
    writeRow(bytes, row * stride, stride, quantise(atRowStrength(source, row, vector)));
  }
  return { ...result, bytes };
}

/** X of each layer, see `FisherRoot`: drawn gradients and rows, every line times the row's strength. */
async function rootsByLayer(
  source: RowGradientsInput,
  ranges: readonly { offset: number; length: number }[],
  plan: DrawPlan,
  seed: string,
): Promise<Float32Array[]> {
  const count = source.examples.length;
  const drawn = drawnCount(source, plan);
  const scales = fisherScales(drawn, count);
  const roots = ranges.map(({ length }) => new Float32Array((drawn + count) * length));
  const put = (line: number, gradient: Float32Array, scale: number): void => {
    for (const [layer, { offset, length }] of ranges.entries()) {
      const root = roots[layer]!;
      for (let i = 0; i < length; i++) root[line * length + i] = scale * gradient[offset + i]!;
    }
  };
  for await (const { rows, gradients } of rowGradients(source, [...source.examples.keys()])) {
    for (const [i, row] of rows.entries()) put(drawn + row, atRowStrength(source, row, gradients[i]!), scales.own);
  }
  let line = 0;
  for await (const { rows, gradients } of drawnGradients(source, plan, seed)) {
    for (const [i, row] of rows.entries()) put(line++, atRowStrength(source, row, gradients[i]!), scales.drawn);
  }
  return roots;
}
