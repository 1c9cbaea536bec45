import type { IndexFile } from './index-file.ts';
import type { IndexHeader } from './index-header.ts';
import type { RowDirections } from './row-directions.ts';

/** Bytes of all directions. */
export function directionBytes({ directions, rows }: Pick<IndexHeader, 'directions' | 'rows'>): number {
  if (!directions) return 0;
  const { bits, lengths } = directions;
  return lengths.reduce((sum, length) => sum + 4 * rows + Math.ceil((rows * length * bits) / 8), 0);
}

/** The layers' directions, which come in place of factors and bases where the header names them; else null. */
export async function takeDirections(
  file: IndexFile,
  { directions, rows }: Pick<IndexHeader, 'directions' | 'rows'>,
): Promise<RowDirections[] | null> {
  if (!directions) return null;
  const { bits, lengths } = directions;
  const taken: RowDirections[] = [];
  for (const length of lengths) {
    const scales = new Float32Array((await file.take(4 * rows)).buffer);
    const packed = await file.take(Math.ceil((rows * length * bits) / 8));
    taken.push({ levels: unpackLevels(packed, rows * length, bits), scales, length });
  }
  return taken;
}

/** Levels one after the other, the first in the lowest bits of its byte; (level + most) / 2 is stored. */
function unpackLevels(bytes: Uint8Array, count: number, bits: number): Int8Array {
  const levels = new Int8Array(count);
  const each = 8 / bits;
  const most = 2 ** bits - 1;
  for (let i = 0; i < count; i++) {
    levels[i] = 2 * ((bytes[Math.floor(i / each)]! >> (bits * (i % each))) & most) - most;
  }
  return levels;
}
