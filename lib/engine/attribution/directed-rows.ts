import type { AdapterLayout } from '../lora/layout.ts';
import { layerRanges } from './layer-ranges.ts';
import type { BitWidth, LowBitVectors } from './packed-bits.ts';
import { quantise } from './quantise.ts';
import { fitDirections } from './row-directions.ts';
import { atRowStrength, type RowGradientsInput, rowGradients } from './row-features.ts';
import { rowStride } from './row-shard.ts';
import { writeRow } from './write-index.ts';

export type DirectedRows = {
  /** Of each layer, N of them. */
  directions: LowBitVectors[];
  layers: { size: number; lambda: number }[];
  /** All rows as the index file has them, N codes a layer. */
  bytes: Uint8Array;
  /** Effective dimension, see IndexHeader. */
  dEff: number;
};

/**
 * The rows of an index by their own directions, see `RowDirections`. All gradients are in memory at once: an index of this form is of
 * few rows.
 * @param layout the B matrices of the source's scope
 */
export async function directRows(
  source: RowGradientsInput,
  layout: AdapterLayout,
  { bits, reach }: { bits: BitWidth; reach: number | undefined },
): Promise<DirectedRows> {
  const { sessions, diagnostics } = source;
  const count = source.examples.length;
  const ranges = layerRanges(layout);
  const gradients = await gradientsByLayer(source, ranges);
  const vectors = source.examples.map(() => new Float64Array(count * ranges.length));
  const result: Omit<DirectedRows, 'bytes'> = { directions: [], layers: [], dEff: 0 };
  for (const [layer, own] of gradients.entries()) {
    const { directions, lambda, rows, leverages } = await fitDirections(own, count, sessions, { reach, bits });
    for (const [row, vector] of vectors.entries()) {
      vector.set(rows[row]!, layer * count);
      diagnostics.selfInfluences[row]! += leverages[row]!;
      result.dEff += leverages[row]!;
    }
    result.directions.push(directions);
    result.layers.push({ size: count, lambda });
  }
  const stride = rowStride(count * ranges.length);
  const bytes = new Uint8Array(count * stride);
  for (const [row, vector] of vectors.entries()) {
    writeRow(bytes, row * stride, stride, quantise(atRowStrength(source, row, vector)));
  }
  return { ...result, bytes };
}

/** Z of each layer, [N, P], every row times its strength. */
async function gradientsByLayer(
  source: RowGradientsInput,
  ranges: readonly { offset: number; length: number }[],
): Promise<Float32Array[]> {
  const count = source.examples.length;
  const layers = ranges.map(({ length }) => new Float32Array(count * length));
  for await (const { rows, gradients } of rowGradients(source, [...source.examples.keys()])) {
    for (const [i, row] of rows.entries()) {
      const gradient = atRowStrength(source, row, gradients[i]!);
      for (const [layer, { offset, length }] of ranges.entries()) {
        layers[layer]!.set(gradient.subarray(offset, offset + length), row * length);
      }
    }
  }
  return layers;
}
