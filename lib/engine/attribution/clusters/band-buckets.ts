import { signatureLength } from './min-hash.ts';

const bands = 32;
const bandLength = signatureLength / bands;
/** Rows of a bucket that a row is compared with, from each end: a crowded bucket costs no more than a small one. */
const lookedAt = 16;

/** One band: rows in the order of (key, row), so that a bucket is a run of equal keys with its oldest row first. */
type Band = { keys: Uint32Array; order: Int32Array; position: Int32Array };

/**
 * Locality-sensitive hashing over MinHash signatures: 32 bands of 4 components. Rows of similarity s share a bucket with
 * probability 1 - (1 - s^4)^32: 0.9998 at 0.7, 0.03 at 0.2. Typed arrays and sorts, no object per row: 384 bytes a row.
 */
export class BandBuckets {
  private readonly bands: Band[];

  /** @param signatures [rows, signatureLength] */
  constructor(signatures: Uint32Array) {
    const rows = signatures.length / signatureLength;
    this.bands = Array.from({ length: bands }, (_, band) => sortBand(signatures, rows, band));
  }

  /**
   * Calls `visit` with older rows that share a bucket with `row`; a row may come several times. In each bucket those are the
   * oldest ones, whom nobody can crowd out later, and the ones just before `row`, which lead to the oldest if they are copies.
   */
  forEachOlder(row: number, visit: (older: number) => void): void {
    for (const { keys, order, position } of this.bands) {
      const at = position[row]!;
      const start = bucketStart(keys, order, at);
      const oldestEnd = Math.min(at, start + lookedAt);
      for (let i = start; i < oldestEnd; i++) visit(order[i]!);
      for (let i = Math.max(oldestEnd, at - lookedAt); i < at; i++) visit(order[i]!);
    }
  }
}

function sortBand(signatures: Uint32Array, rows: number, band: number): Band {
  const keys = new Uint32Array(rows);
  const sorted = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let key = band;
    const first = row * signatureLength + band * bandLength;
    for (let i = 0; i < bandLength; i++) key = Math.imul(key ^ signatures[first + i]!, 0x9e3779b1) ^ (key >>> 15);
    keys[row] = key;
    sorted[row] = keys[row]! * 2 ** 21 + row; // 53 bits: exact, and sorts by key, then row
  }
  sorted.sort();
  const order = Int32Array.from(sorted, (value) => value % 2 ** 21);
  const position = new Int32Array(rows);
  for (let i = 0; i < rows; i++) position[order[i]!] = i;
  return { keys, order, position };
}

/** First place of the bucket that place `at` belongs to, by binary search. */
function bucketStart(keys: Uint32Array, order: Int32Array, at: number): number {
  const key = keys[order[at]!]!;
  let [low, high] = [0, at];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[order[middle]!]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
