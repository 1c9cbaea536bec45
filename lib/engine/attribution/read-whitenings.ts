import { floatsFromBfloatBits } from '../io/half-float.ts';
import type { IndexFile } from './index-file.ts';
import { factorBytes, type IndexHeader } from './index-header.ts';
import type { Whitening } from './whitening.ts';

/** The layers' factors, which come next in an index file. */
export async function takeWhitenings(
  file: IndexFile,
  layers: readonly { size: number; lambda: number }[],
  factors?: IndexHeader['factors'],
): Promise<Whitening[]> {
  const whitenings: Whitening[] = [];
  for (const { size, lambda } of layers) {
    const { buffer } = await file.take(factorBytes([{ size }], factors));
    const factor = factors === 'bfloat16' ? floatsFromBfloatBits(new Uint16Array(buffer)) : new Float32Array(buffer);
    whitenings.push({ factor, size, lambda });
  }
  return whitenings;
}
