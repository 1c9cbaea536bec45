import type { IndexFile } from './index-file.ts';
import type { IndexHeader } from './index-header.ts';
import { type LowBitVectors, packedBytes, unpackLevels } from './packed-bits.ts';

/** The layers' directions, which come in place of factors and bases where the header names them; else null. */
export async function takeDirections(
  file: IndexFile,
  { directions, rows }: Pick<IndexHeader, 'directions' | 'rows'>,
): Promise<LowBitVectors[] | null> {
  if (!directions) return null;
  const { bits, lengths } = directions;
  const taken: LowBitVectors[] = [];
  for (const length of lengths) {
    const scales = new Float32Array((await file.take(4 * rows)).buffer);
    const packed = await file.take(packedBytes(rows * length, bits));
    taken.push({ levels: unpackLevels(packed, rows * length, bits), scales, length });
  }
  return taken;
}
