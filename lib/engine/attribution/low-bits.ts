/** Bits that a number of a row may have; one of 0 bits is left out. */
export const bitWidths = [0, 1, 2, 4] as const;
type BitWidth = (typeof bitWidths)[number];

/** Best uniform quantisers for values of one standard deviation (Max 1960, tables I and II): the step, and the squared error that is left. */
const quantisers: Record<BitWidth, { step: number; error: number }> = {
  0: { step: 0, error: 1 },
  1: { step: 1.596, error: 0.3634 },
  2: { step: 0.9957, error: 0.1188 },
  4: { step: 0.3352, error: 0.01154 },
};

/** Numbers of `bits` bits as int8 codes for the scan: odd half steps, 127 being 15 half steps of four bits. */
const codesOf: Record<BitWidth, readonly number[]> = {
  0: [],
  1: [-40, 40],
  2: [-75, -25, 25, 75],
  4: [-127, -110, -93, -76, -59, -42, -25, -8, 8, 25, 42, 59, 76, 93, 110, 127],
};

/** How the rows of an index are stored: bits by number, equal in all rows. */
export type RowForm = {
  /** Bits of each number of a gradient, [P]. */
  widths: Uint8Array;
  /** The numbers that are not left out, those of most bits first, else in order: the features of the index. */
  positions: Uint32Array;
  /** Which of them have how many bits. */
  groups: { bits: BitWidth; first: number; end: number }[];
  /** Bytes of a row: its scale (uint32), then the groups, each from a byte of its own, the first number in the lowest bits. */
  bytes: number;
};

/**
 * Which numbers get how many bits, so that the squared error, each number's times its importance, is least: each next bit goes where it
 * takes most away. For normal values that is reverse water-filling (Cover and Thomas, Elements of Information Theory, ch. 10).
 * @param importance variance times squared weight, of each number
 * @param bits of a row at most
 * @param most numbers that may be kept
 */
export function chooseWidths(importance: Float64Array, bits: number, most = importance.length): Uint8Array {
  const widths = new Uint8Array(importance.length);
  const steps = bitWidths.slice(1).flatMap((to, i) => {
    const [from, cost] = [bitWidths[i]!, to - bitWidths[i]!];
    const gain = (quantisers[from].error - quantisers[to].error) / cost;
    return Array.from(importance, (value, at) => ({ at, from, to, cost, gain: gain * value }));
  });
  // Of equals the narrower step comes first, and within it the earlier number.
  steps.sort((a, b) => b.gain - a.gain || a.to - b.to || a.at - b.at);
  let [left, kept] = [bits, 0];
  for (const { at, from, to, cost } of steps) {
    if (cost > left) break;
    if (widths[at] !== from) continue; // it was not kept
    if (from === 0) {
      if (kept === most) continue;
      kept += 1;
    }
    widths[at] = to;
    left -= cost;
  }
  return widths;
}

/** What follows from the widths. */
export function rowForm(widths: Uint8Array): RowForm {
  const groups: RowForm['groups'] = [];
  const positions: number[] = [];
  for (const bits of bitWidths.slice(1).toReversed()) {
    const first = positions.length;
    for (const [at, own] of widths.entries()) if (own === bits) positions.push(at);
    groups.push({ bits, first, end: positions.length });
  }
  const bytes = groups.reduce((sum, group) => sum + bytesOfGroup(group), 4);
  return { widths, positions: Uint32Array.from(positions), groups, bytes };
}

/** Widths as a file has them, two bits each. */
export function packWidths(widths: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(widths.length / 4));
  for (const [i, bits] of widths.entries()) bytes[i >> 2]! |= bitWidths.indexOf(bits as BitWidth) << (2 * (i & 3));
  return bytes;
}

/** What `packWidths` packed, of so many numbers. */
export function unpackWidths(bytes: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => bitWidths[(bytes[i >> 2]! >> (2 * (i & 3))) & 3]!);
}

/** The scale of a row, a power of two times `scaleOne`: as int8 codes have it, 127 being 15 half steps of the root mean square of what is kept. */
export function scaleOf(vector: Float32Array, { positions }: RowForm): number {
  let squares = 0;
  for (const at of positions) squares += vector[at]! * vector[at]!;
  return (Math.sqrt(squares / Math.max(1, positions.length)) * 15 * quantisers[4].step) / 2 / 127;
}

/**
 * Writes a row [P] as `RowForm` says, `bytes` of them from `at` on.
 * @param one what a scale of 1 is stored as, 2^24 or a power of two times it
 */
export function packRow(vector: Float32Array, form: RowForm, one: number, target: Uint8Array, at: number): void {
  const scale = Math.min(2 ** 32 - 1, Math.max(1, Math.round(scaleOf(vector, form) * one)));
  new DataView(target.buffer, target.byteOffset).setUint32(at, scale, true);
  const deviation = (scale / one) * (127 / (7.5 * quantisers[4].step));
  target.fill(0, at + 4, at + form.bytes);
  let byte = at + 4;
  for (const group of form.groups) {
    const { bits, first, end } = group;
    const [step, half] = [deviation * quantisers[bits].step, 2 ** (bits - 1)];
    for (let k = first; k < end; k++) {
      const level = Math.floor(vector[form.positions[k]!]! / step) + half;
      const bit = (k - first) * bits;
      target[byte + (bit >> 3)]! |= Math.max(0, Math.min(2 * half - 1, level)) << (bit & 7);
    }
    byte += bytesOfGroup(group);
  }
}

/** Codes of a packed row at `from`, one a kept number, into `codes` at `to`. @returns the scale */
export function unpackRow(packed: Uint8Array, from: number, { groups }: RowForm, codes: Int8Array, to: number): number {
  let byte = from + 4;
  for (const group of groups) {
    const { bits, first, end } = group;
    const [table, mask] = [codesOf[bits], 2 ** bits - 1];
    for (let k = first; k < end; k++) {
      const bit = (k - first) * bits;
      codes[to + k] = table[(packed[byte + (bit >> 3)]! >> (bit & 7)) & mask]!;
    }
    byte += bytesOfGroup(group);
  }
  return new DataView(packed.buffer, packed.byteOffset).getUint32(from, true);
}

function bytesOfGroup({ bits, first, end }: RowForm['groups'][number]): number {
  return Math.ceil((bits * (end - first)) / 8);
}
