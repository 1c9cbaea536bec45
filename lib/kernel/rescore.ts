import type { ByteSource } from './byte-source.ts';
import { type IndexFile, IndexFileError, type PackedCodes } from './index-file.ts';

/** A query's int8 codes and their scale (fixed point Q8.24). */
export type QueryCodes = { codes: Int8Array; scale: number };

/** Bytes of rows that are read at a time. */
const partBytes = 8 << 20;

/** The stored form of a query's codes, whose SHA-256 a receipt names: the codes, then the scale (uint32, little-endian). */
export function parseQueryCodes(bytes: Uint8Array): QueryCodes {
  if (bytes.length < 4) throw new IndexFileError('The query codes are too short.');
  const length = bytes.length - 4;
  const scale = new DataView(bytes.buffer, bytes.byteOffset).getUint32(length, true);
  return { codes: new Int8Array(bytes.buffer, bytes.byteOffset, length), scale };
}

/**
 * Every row's influence on one answer, exactly: sum of code products x both scales / (N x 2^(16 + shift)), cut towards zero, which is
 * nats in Q32.32. Plain JavaScript without the engine's WASM: slower (a second for some 300 MB of index) and independent.
 *
 * @param onProgress called with the rows done and all rows
 * @throws IndexFileError when codes and index do not fit, or a score leaves 64 bits
 */
export async function rescoreIndex(
  source: ByteSource,
  index: IndexFile,
  query: QueryCodes,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<BigInt64Array> {
  const { rows, dims, rowsAt, stride, scaleAt, packed } = index;
  const divisor = (BigInt(rows) << 16n) << BigInt(index.shift);
  const unpacked = new Int8Array(dims);
  if (query.codes.length !== dims) {
    throw new IndexFileError(`The query has ${query.codes.length} codes, the index ${dims} a row.`);
  }
  const scores = new BigInt64Array(rows);
  const window = Math.max(1, Math.floor(partBytes / stride));
  for (let first = 0; first < rows; first += window) {
    const count = Math.min(window, rows - first);
    const bytes = await source.read(rowsAt + first * stride, count * stride);
    const codes = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let row = 0; row < count; row++) {
      const at = row * stride;
      if (packed) unpackCodes(bytes, at + 4, packed, unpacked);
      const product = packed ? dot(unpacked, 0, query.codes) : dot(codes, at, query.codes);
      scores[first + row] = scoreOf(product, view.getUint32(at + scaleAt, true), query.scale, divisor);
    }
    onProgress(first + count, rows);
  }
  return scores;
}

/** Exact in doubles: each product is under 2^14, and there are at most 2^17. */
function dot(codes: Int8Array, at: number, query: Int8Array): number {
  let sum = 0;
  for (let i = 0; i < query.length; i++) sum += codes[at + i]! * query[i]!;
  return sum;
}

/** What 1, 2 and 4 bits stand for: odd half steps of the best uniform quantisers, in one 127th of 15 half steps of four bits. */
const codeTables = new Map([
  [1, [-40, 40]],
  [2, [-75, -25, 25, 75]],
  [4, [-127, -110, -93, -76, -59, -42, -25, -8, 8, 25, 42, 59, 76, 93, 110, 127]],
]);

/** Codes of a packed row, from the lowest bits of each byte up. */
function unpackCodes(bytes: Uint8Array, from: number, groups: readonly PackedCodes[], codes: Int8Array): void {
  let [at, k] = [from, 0];
  for (const { bits, count } of groups) {
    const [table, each, mask] = [codeTables.get(bits)!, 8 / bits, 2 ** bits - 1];
    for (let i = 0; i < count; i++) {
      codes[k++] = table[(bytes[at + Math.floor(i / each)]! >> (bits * (i % each))) & mask]!;
    }
    at += Math.ceil((bits * count) / 8);
  }
}

function scoreOf(product: number, rowScale: number, queryScale: number, divisor: bigint): bigint {
  const score = (BigInt(product) * BigInt(rowScale) * BigInt(queryScale)) / divisor;
  if (BigInt.asIntN(64, score) !== score) throw new IndexFileError('A score of this index leaves 64 bits.');
  return score;
}
