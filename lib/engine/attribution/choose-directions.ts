import type { AdapterLayout } from '../lora/layout.ts';
import { bytesPerRowMax, headerBytes, idBytes, smallIndexRows } from './choose-sketch.ts';
import { layerRanges } from './layer-ranges.ts';
import { type BitWidth, bitWidths, packedBytes } from './packed-bits.ts';
import { rowStride } from './row-shard.ts';

/**
 * Whether an index of so many rows keeps the rows' own directions over all layers, and with how many bits: with as many as fit into
 * what a small index may weigh; null where not even one does, and a projection is the better use of the bytes. On the shipped base
 * with rank 8: four bits up to some 120 rows, two to 240, one to 430.
 * @param layout all B matrices
 */
export function chooseDirections(layout: AdapterLayout, rows: number): BitWidth | null {
  const lengths = layerRanges(layout).map(({ length }) => length);
  const most = smallIndexRows * bytesPerRowMax(rows);
  const fits = (bits: BitWidth): boolean =>
    rows * (rowStride(rows * lengths.length) + idBytes) + directionBytes(rows, { bits, lengths }) + headerBytes <= most;
  return bitWidths.find(fits) ?? null;
}

/** Bytes of the directions of so many rows: their scales and their bits, layer by layer. */
export function directionBytes(
  rows: number,
  { bits, lengths }: { bits: BitWidth; lengths: readonly number[] },
): number {
  return lengths.reduce((sum, length) => sum + 4 * rows + packedBytes(rows * length, bits), 0);
}
