/** Conversions between IEEE binary16 (and bfloat16) bit patterns and float32, over whole arrays. */

let halfTable: Float32Array | null = null;

/** Widens binary16 bits to float32, exactly. `bits` may lie in the second half of `values`' own memory. */
export function floatsFromHalfBits(bits: Uint16Array, values = new Float32Array(bits.length)): Float32Array {
  halfTable ??= buildHalfTable();
  // Upwards: element i fills bytes that hold no later element, since 4i + 4 <= 2n + 2(i + 1) for all i < n.
  for (let i = 0; i < bits.length; i++) values[i] = halfTable[bits[i]!]!;
  return values;
}

/** Widens bfloat16 bits, the upper half of a float32, exactly. `bits` may lie in the second half of `values`' own memory. */
export function floatsFromBfloatBits(bits: Uint16Array, values = new Float32Array(bits.length)): Float32Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i]! << 16;
  return values;
}

/** Narrows float32 to binary16 bits, round to nearest, ties to even; too large becomes infinity. */
export function halfBitsFromFloats(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) bits[i] = halfBits(words[i]!);
  return bits;
}

/** Narrows float32 to bfloat16 bits, round to nearest, ties to even, as torch does. */
export function bfloatBitsFromFloats(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    const word = words[i]!;
    const isNumber = (word & 0x7fffffff) <= 0x7f800000;
    bits[i] = isNumber ? (word + 0x7fff + ((word >>> 16) & 1)) >>> 16 : 0x7fc0;
  }
  return bits;
}

function halfBits(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65536 and up, infinity included
  if (magnitude >= 0x38800000) {
    // Normal: re-bias the exponent (127 -> 15) and round the 13 dropped bits. A carry moves into the exponent as it should.
    const rebiased = magnitude - 0x38000000;
    return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13);
  }
  if (magnitude < 0x33000000) return sign; // under half of the smallest subnormal
  const shift = 126 - (magnitude >>> 23);
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const kept = mantissa >>> shift;
  const dropped = mantissa & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (kept + (dropped > half || (dropped === half && kept & 1) ? 1 : 0));
}

function buildHalfTable(): Float32Array {
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >>> 10) & 31;
    const mantissa = bits & 1023;
    if (exponent === 31) table[bits] = mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else if (exponent === 0) table[bits] = sign * mantissa * 2 ** -24;
    else table[bits] = sign * (1024 + mantissa) * 2 ** (exponent - 25);
  }
  return table;
}
