import { createHash } from 'node:crypto';
import type { AdapterLayout } from '../lora/layout.ts';
import { type Columns, createSketch, type Sketch } from './sketch.ts';

/**
 * The sketch of the methods 1 and 2: random signs over the root of how many there are, and matrices with no
 * more outputs than columns as they are. Indexes made so are read, and queries on them made again.
 *
 * @param width columns of a module's outputs; @param rankWidth of its rank, `lora.r` leaves it alone
 * @param exact false: narrow matrices are projected like the others, as the first method did
 */
export function createSignSketch(
  layout: AdapterLayout,
  seed: string,
  { width, rankWidth }: { width: number; rankWidth: number },
  exact = true,
): Sketch {
  const { r } = layout.lora;
  const modules = layout.entries
    .filter(({ part }) => part === 'B')
    .map(({ layer, module, shape: [outputs] }) => {
      const name = `${layer}.${module}`;
      const isExact = exact && outputs <= width;
      return {
        columns: isExact ? outputs : width,
        output: isExact ? null : signs(seed, name, outputs, width),
        rank: rankWidth < r ? signs(seed, `${name}.rank`, r, rankWidth) : null,
      };
    });
  return createSketch(layout, rankWidth, modules);
}

function signs(seed: string, module: string, outputs: number, width: number): Columns {
  return { matrix: moduleSigns(seed, module, outputs, width), scale: 1 / Math.sqrt(width) };
}

/**
 * Signs [out, k]: bit j of row i is bit j of SHA-256(seed | module | i | j div 256), lowest bit of each byte first.
 * Every entry can be recomputed alone, which is what a dispute about one score needs.
 */
export function moduleSigns(seed: string, module: string, outputs: number, width: number): Int8Array {
  const signs = new Int8Array(outputs * width);
  for (let row = 0; row < outputs; row++) {
    for (let block = 0; block * 256 < width; block++) {
      const bits = createHash('sha256').update(`${seed}|${module}|${row}|${block}`).digest();
      for (let bit = 0; bit < Math.min(256, width - block * 256); bit++) {
        signs[row * width + block * 256 + bit] = (bits[bit >> 3]! >> (bit & 7)) & 1 ? 1 : -1;
      }
    }
  }
  return signs;
}
