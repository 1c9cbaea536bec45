import type { ByteSource } from './byte-source.ts';
import { type IndexFile, IndexFileError } from './index-file.ts';

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
 * Every row's influence on one answer, exactly: sum of code products x both scales / (N x 2^16), cut towards zero, which is nats
 * in Q32.32. Plain JavaScript without the engine's WASM: slower (a second for some 300 MB of index) and independent.
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
  const { rows, dims, rowsAt, stride, scaleAt } = index;
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
      const product = dot(codes, row * stride, query.codes);
      scores[first + row] = scoreOf(product, view.getUint32(row * stride + scaleAt, true), query.scale, rows);
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

function scoreOf(product: number, rowScale: number, queryScale: number, rows: number): bigint {
  const score = (BigInt(product) * BigInt(rowScale) * BigInt(queryScale)) / (BigInt(rows) << 16n);
  if (BigInt.asIntN(64, score) !== score) throw new IndexFileError('A score of this index leaves 64 bits.');
  return score;
}
