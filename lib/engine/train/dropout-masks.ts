import { createHash } from 'node:crypto';
import { maskName } from '../lora/dropout.ts';
import type { AdapterLayout } from '../lora/layout.ts';

/** Which micro-batch of the run: masks are a pure function of this and the seed, so a resumed run draws the same. */
export type MaskTime = { step: number; microBatch: number };

/**
 * Draws LoRA's dropout masks, [N, in] bytes of 0 and 1 for each adapted layer. The arrays are used again for the next
 * micro-batch of the same size.
 */
export class DropoutMasks {
  private readonly layers: { name: string; width: number }[];
  private readonly seed: number;
  /** Kept when a 16-bit number reaches this: the rate is rounded to 1/65536. */
  private readonly threshold: number;
  private readonly arrays = new Map<number, Record<string, Uint8Array>>();

  constructor(layout: AdapterLayout, seed: number) {
    this.layers = layout.entries
      .filter(({ part }) => part === 'A')
      .map(({ layer, module, shape }) => ({ name: maskName(layer, module), width: shape[1] }));
    this.seed = seed;
    this.threshold = Math.round(layout.lora.loraDropout * 2 ** 16);
  }

  /** @param rows lines of x: batch * time */
  draw({ step, microBatch }: MaskTime, rows: number): Readonly<Record<string, Uint8Array>> {
    const masks = this.arrays.get(rows) ?? this.allocate(rows);
    for (const { name } of this.layers) {
      fillMask(masks[name]!, `dropout|${this.seed}|${step}|${microBatch}|${name}`, this.threshold);
    }
    return masks;
  }

  private allocate(rows: number): Record<string, Uint8Array> {
    const masks = Object.fromEntries(this.layers.map(({ name, width }) => [name, new Uint8Array(rows * width)]));
    this.arrays.clear(); // one size at a time: these are the largest arrays of a step
    this.arrays.set(rows, masks);
    return masks;
  }
}

/**
 * sfc32 (Doty-Humphrey's Small Fast Counting generator) seeded from SHA-256 of the key; two elements a draw. Masks need
 * millions of numbers a step, which a cryptographic stream would take longer for than the step itself.
 */
function fillMask(mask: Uint8Array, key: string, threshold: number): void {
  const digest = createHash('sha256').update(key).digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = 1;
  for (let i = 0; i < mask.length; i += 2) {
    const word = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + word;
    c |= 0;
    mask[i] = (word & 0xffff) >= threshold ? 1 : 0;
    if (i + 1 < mask.length) mask[i + 1] = word >>> 16 >= threshold ? 1 : 0;
  }
}
