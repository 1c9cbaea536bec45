/** Bits that a value may have. */
export const bitWidths = [4, 2, 1] as const;
export type BitWidth = (typeof bitWidths)[number];

/** Best step of a uniform quantiser for values of one standard deviation (Max 1960, table II): half a step is one unit here. */
const steps: Record<BitWidth, number> = { 4: 0.3352, 2: 0.9957, 1: 1.596 };

/** Vectors as odd numbers of few bits, value ~ level * scale: `levels` [count, length], one scale a vector. */
export type LowBitVectors = { levels: Int8Array; scales: Float32Array; length: number };

/** Rounds vectors [count, length] to so many bits, each by its own root mean square. */
export function toLowBits(values: Float32Array, length: number, bits: BitWidth): LowBitVectors {
  const count = values.length / length;
  const levels = new Int8Array(values.length);
  const scales = new Float32Array(count);
  const most = 2 ** bits - 1;
  for (let n = 0; n < count; n++) {
    const own = values.subarray(n * length, (n + 1) * length);
    let squares = 0;
    for (let i = 0; i < length; i++) squares += own[i]! * own[i]!;
    const scale = Math.fround((steps[bits] / 2) * Math.sqrt(squares / length));
    scales[n] = scale;
    const perUnit = scale === 0 ? 0 : 1 / scale;
    for (let i = 0; i < length; i++) {
      const odd = 2 * Math.floor((own[i]! * perUnit) / 2) + 1;
      levels[n * length + i] = Math.max(-most, Math.min(most, odd));
    }
  }
  return { levels, scales, length };
}

/** Bytes that `packLevels` makes of so many levels. */
export function packedBytes(count: number, bits: BitWidth): number {
  return Math.ceil((count * bits) / 8);
}

/** Levels one after the other, the first in the lowest bits of its byte; (level + most) / 2 is stored. */
export function packLevels(levels: Int8Array, bits: BitWidth): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(packedBytes(levels.length, bits));
  const each = 8 / bits;
  const most = 2 ** bits - 1;
  for (let i = 0; i < levels.length; i++) {
    bytes[Math.floor(i / each)]! |= ((levels[i]! + most) / 2) << (bits * (i % each));
  }
  return bytes;
}

/** What `packLevels` packed. */
export function unpackLevels(bytes: Uint8Array, count: number, bits: BitWidth): Int8Array {
  const levels = new Int8Array(count);
  const each = 8 / bits;
  const most = 2 ** bits - 1;
  for (let i = 0; i < count; i++) {
    levels[i] = 2 * ((bytes[Math.floor(i / each)]! >> (bits * (i % each))) & most) - most;
  }
  return levels;
}
