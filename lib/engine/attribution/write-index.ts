import { createHash } from 'node:crypto';
import { bfloatBitsFromFloats } from '../io/half-float.ts';
import { writeFileAtomically } from '../io/write-file-atomically.ts';
import type { GradientBasis } from './gradient-bases.ts';
import type { BasisHeader, IndexHeader } from './index-header.ts';
import { packWidths } from './low-bits.ts';
import type { PackedIds } from './packed-ids.ts';
import type { Codes } from './quantise.ts';
import type { Whitening } from './whitening.ts';

/** What queries are made with: a factor a layer and the bases of the projection (null: of an earlier method); or which numbers are kept of rows that are not projected. */
export type IndexCurvature =
  | { whitenings: readonly Whitening[]; bases: readonly GradientBasis[] | null }
  | { widths: Uint8Array; shift: number };

/** The first bytes of an index file, format 2. */
export const indexMagic = 'OLATTR02';

/** Header and ids end at multiples of this. */
export const alignment = 16;

/**
 * Writes: magic (8 bytes), header length (uint32), header JSON padded with spaces, the factors (bfloat16, packed lower
 * triangles) and the bases (bfloat16), or in their place the widths of packed rows (`packWidths`); id offsets (uint32, N + 1), ids (UTF-8, one after the other) padded with zeros, then the rows as the scan reads
 * them: codes, zeros, scale (uint32), `rowStride` bytes in all; or packed, see `RowForm`. Little-endian. Atomic; holds no more than one part at a time.
 *
 * @param rows the rows' bytes in order, in parts of any size
 * @returns SHA-256 of the file
 */
export async function writeIndex(
  path: string,
  header: Omit<IndexHeader, 'bases' | 'factors' | 'packed'>,
  curvature: IndexCurvature,
  ids: PackedIds,
  rows: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256');
  async function* parts(): AsyncGenerator<Uint8Array> {
    const { facts, arrays } = 'widths' in curvature ? partsOfWidths(curvature) : partsOfFactors(curvature);
    for await (const part of [headerBytes({ ...header, ...facts }), ...arrays, ...idParts(ids)]) {
      hash.update(part);
      yield part;
    }
    for await (const part of rows) {
      hash.update(part);
      yield part;
    }
  }
  await writeFileAtomically(path, parts());
  return hash.digest('hex');
}

/** Puts a row where it starts in `target`. */
export function writeRow(target: Uint8Array, at: number, stride: number, { codes, scale }: Codes): void {
  target.set(bytes(codes), at);
  new DataView(target.buffer, target.byteOffset).setUint32(at + stride - 4, scale, true);
}

/** Zero bytes from `length` to the next multiple of the alignment. */
export function paddingOf(length: number): number {
  return (alignment - (length % alignment)) % alignment;
}

type Parts = { facts: Pick<IndexHeader, 'factors' | 'bases' | 'packed'>; arrays: Uint8Array[] };

function partsOfFactors({ whitenings, bases }: Extract<IndexCurvature, { bases: unknown }>): Parts {
  const sides = (bases ?? []).flatMap(({ output, rank }) => [output, rank].filter((side) => side !== null));
  const arrays = [...whitenings.map(({ factor }) => factor), ...sides].map((one) => bytes(bfloatBitsFromFloats(one)));
  return { facts: { factors: 'bfloat16', ...(bases && { bases: bases.map(basisHeader) }) }, arrays };
}

function partsOfWidths({ widths, shift }: Extract<IndexCurvature, { widths: unknown }>): Parts {
  return { facts: { packed: { numbers: widths.length, shift } }, arrays: [packWidths(widths)] };
}

function basisHeader({ outputs, columns, output, rank }: GradientBasis): BasisHeader {
  return { outputs, columns, output: output !== null, rank: rank !== null };
}

function headerBytes(header: IndexHeader): Uint8Array {
  const json = JSON.stringify(header);
  const length = 12 + Buffer.byteLength(json);
  const head = Buffer.alloc(length + paddingOf(length), ' ');
  head.write(indexMagic, 0, 'latin1');
  head.writeUInt32LE(head.length - 12, 8);
  head.write(json, 12);
  return head;
}

function idParts({ offsets, utf8 }: PackedIds): Uint8Array[] {
  return [bytes(offsets), utf8, new Uint8Array(paddingOf(offsets.byteLength + utf8.byteLength))];
}

function bytes(array: Int8Array | Uint16Array | Uint32Array | Float32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
