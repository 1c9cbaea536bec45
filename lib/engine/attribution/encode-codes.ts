import { AttributionQueryError } from './errors.ts';
import type { Codes } from './quantise.ts';

/** A query's codes as they are stored and hashed: the codes, one byte each, then the scale (uint32, little-endian). */
export function encodeCodes({ codes, scale }: Codes): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(codes.length + 4);
  bytes.set(new Uint8Array(codes.buffer, codes.byteOffset, codes.length));
  new DataView(bytes.buffer).setUint32(codes.length, scale, true);
  return bytes;
}

/** What `encodeCodes` made. @throws AttributionQueryError unless there are `dims` codes, none of them -128, and a scale above 0 */
export function decodeCodes(bytes: Uint8Array, dims: number): Codes {
  const codes = new Int8Array(bytes.slice(0, -4).buffer);
  const scale = bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true);
  if (codes.length !== dims || scale === 0 || codes.includes(-128)) {
    throw new AttributionQueryError(`These are no codes of a query on an index of ${dims} features a row.`);
  }
  return { codes, scale };
}
