import type { IndexFile } from './index-file.ts';
import { triangle, type Whitening } from './whitening.ts';

/** The layers' factors, which come next in an index file. */
export async function takeWhitenings(
  file: IndexFile,
  layers: readonly { size: number; lambda: number }[],
): Promise<Whitening[]> {
  const whitenings: Whitening[] = [];
  for (const { size, lambda } of layers) {
    whitenings.push({ factor: new Float32Array((await file.take(4 * triangle(size))).buffer), size, lambda });
  }
  return whitenings;
}
