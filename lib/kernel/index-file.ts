import type { ByteSource } from './byte-source.ts';

/** So many codes of so many bits, from a byte of their own on. */
export type PackedCodes = { bits: number; count: number };

/** What a verifier reads of an attribution index: who is in it, and where each row's codes lie. */
export type IndexFile = {
  method: string;
  /** SHA-256 of the adapter that it was built for, 64 hex digits. */
  adapterSha256: string;
  rows: number;
  /** Codes a row. */
  dims: number;
  /** Byte offset of the first row, bytes from row to row, and where in a row its scale (uint32) stands. */
  rowsAt: number;
  stride: number;
  scaleAt: number;
  /** The codes of a row, one group after the other; null: every row has a byte for each. */
  packed: PackedCodes[] | null;
  /** Bits by which scales are shifted more than 24. */
  shift: number;
  /** Row ids in the order of the rows. */
  ids: string[];
};

/** The file is no attribution index, or not a whole one. */
export class IndexFileError extends Error {
  override readonly name = 'IndexFileError';
}

/** A row in format 1 is padded to 4 bytes and the ids stand in the header; in format 2 to 16, and the ids stand before the rows. */
const formats = { OLATTR01: 4, OLATTR02: 16 } as const;

/**
 * Reads the parts of an index file that scores follow from (written by the engine's write-index.ts): magic (8 bytes), header
 * length (uint32), header JSON, whitening factors (skipped here) or how many bits each number of a row has, id offsets and ids, rows. Little-endian. Independent of the
 * engine on purpose: this is what a stranger checks the engine with.
 *
 * @throws IndexFileError
 */
export async function readIndexFile(source: ByteSource): Promise<IndexFile> {
  const start = await source.read(0, 12).catch(() => {
    throw new IndexFileError('The file is no attribution index: it is too short.');
  });
  const magic = new TextDecoder('latin1').decode(start.subarray(0, 8));
  if (!isFormat(magic)) throw new IndexFileError('The file is no attribution index.');
  const header = await readHeader(source, viewOf(start).getUint32(8, true));
  const rows = header.exampleIds?.length ?? header.rows;
  const { method, adapterSha256, dims } = header;
  if (!isCount(rows) || !isCount(dims))
    throw new IndexFileError('The index does not say how many rows and codes it has.');
  const unit = formats[magic];
  const packed = await readPackedCodes(source, header);
  const stride = packed
    ? packed.reduce((sum, { bits, count }) => sum + Math.ceil((bits * count) / 8), 4)
    : Math.ceil((dims + 4) / unit) * unit;
  const rowsAt = source.size - rows * stride;
  if (rowsAt < 12) throw new IndexFileError('The index is shorter than its rows.');
  const ids = header.exampleIds ?? (await readIds(source, rowsAt, rows, header.idBytes));
  const scaleAt = packed ? 0 : stride - 4;
  return {
    method,
    adapterSha256,
    rows,
    dims,
    rowsAt,
    stride,
    scaleAt,
    packed,
    shift: header.packed?.shift ?? 0,
    ids,
  };
}

/** Bits of all numbers of a row stand after the header, two bits each for 0, 1, 2 or 4. Those with most come first in a row. */
async function readPackedCodes(source: ByteSource, { packed, dims, length }: Header): Promise<PackedCodes[] | null> {
  if (!packed) return null;
  const { numbers, shift } = packed;
  if (!isCount(numbers) || !isCount(shift) || shift > 31)
    throw new IndexFileError('The index does not say how its rows are packed.');
  const bytes = await source.read(12 + length, Math.ceil(numbers / 4));
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < numbers; i++) counts[(bytes[i >> 2]! >> (2 * (i & 3))) & 3]! += 1;
  const packedCodes = [4, 2, 1].map((bits, i) => ({ bits, count: counts[3 - i]! }));
  if (packedCodes.reduce((sum, { count }) => sum + count, 0) !== dims)
    throw new IndexFileError('The index keeps other numbers of a row than it says.');
  return packedCodes;
}

type Header = {
  method: string;
  adapterSha256: string;
  dims: number;
  rows: number;
  idBytes: number;
  exampleIds?: string[];
  packed?: { numbers: number; shift: number };
  /** Bytes of the header's JSON. */
  length: number;
};

async function readHeader(source: ByteSource, length: number): Promise<Header> {
  try {
    const header: unknown = JSON.parse(new TextDecoder().decode(await source.read(12, length)));
    if (header === null || typeof header !== 'object') throw new TypeError('not an object');
    return { ...(header as Header), length };
  } catch (cause) {
    throw new IndexFileError('The index has a broken header.', { cause });
  }
}

async function readIds(source: ByteSource, rowsAt: number, rows: number, idBytes: number): Promise<string[]> {
  if (!isCount(idBytes)) throw new IndexFileError('The index does not say how long its ids are.');
  const length = 4 * (rows + 1) + idBytes;
  const at = rowsAt - Math.ceil(length / 16) * 16;
  if (at < 12) throw new IndexFileError('The index is shorter than its ids.');
  const bytes = await source.read(at, length);
  const view = viewOf(bytes);
  const utf8 = bytes.subarray(4 * (rows + 1));
  const decoder = new TextDecoder();
  return Array.from({ length: rows }, (_, row) =>
    decoder.decode(utf8.subarray(view.getUint32(4 * row, true), view.getUint32(4 * row + 4, true))),
  );
}

const isFormat = (magic: string): magic is keyof typeof formats => Object.hasOwn(formats, magic);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
