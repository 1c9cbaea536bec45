import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Codes } from './quantise.ts';
import { allocateShards, bytesOf, rowStride } from './row-shard.ts';
import { type ScannedRows, scanRows } from './scan.ts';
import { referenceScan } from './test-support/reference-scan.ts';

/** Rows as an index file brings them, in shards of `shardBytes`. */
function place(rows: readonly Codes[], dims: number, shardBytes?: number): ScannedRows {
  const stride = rowStride(dims);
  const shards = allocateShards(rows.length, dims, shardBytes);
  for (const shard of shards) {
    const bytes = bytesOf(shard, stride);
    for (const [i, { codes, scale }] of rows.slice(shard.first, shard.first + shard.count).entries()) {
      bytes.set(new Uint8Array(codes.buffer, codes.byteOffset, dims), i * stride);
      new DataView(bytes.buffer, bytes.byteOffset).setUint32((i + 1) * stride - 4, scale, true);
    }
  }
  return { shards, count: rows.length, dims };
}

const code = fc.oneof(fc.constantFrom(-128, -127, -1, 0, 1, 127), fc.integer({ min: -128, max: 127 }));
const scale = fc.oneof(
  fc.constantFrom(1, 2 ** 16, 2 ** 24, 2 ** 31, 2 ** 32 - 1),
  fc.integer({ min: 1, max: 2 ** 26 }),
);
const vectors = (dims: number, count: number): fc.Arbitrary<Codes[]> =>
  fc.array(
    fc.record({ codes: fc.int8Array({ minLength: dims, maxLength: dims }), scale }).chain((vector) =>
      fc.array(fc.tuple(fc.nat(dims - 1), code), { maxLength: 4 }).map((changes) => {
        for (const [at, value] of changes) vector.codes[at] = value;
        return vector;
      }),
    ),
    { minLength: 1, maxLength: count },
  );

describe('the scan', () => {
  it('is bit-equal to plain arithmetic, for any codes, scales, widths, numbers of queries and shards', () => {
    const widths = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 120, max: 300 }));
    const cases = widths.chain((dims) =>
      fc.record({
        dims: fc.constant(dims),
        rows: vectors(dims, 12),
        queries: vectors(dims, 10),
        shardBytes: fc.constantFrom(1, 100, 1000, 2 ** 31),
      }),
    );
    fc.assert(
      fc.property(cases, ({ dims, rows, queries, shardBytes }) => {
        const expected = queries.map((query) => referenceScan(rows, query));
        const fits = expected.flat().every((score) => BigInt.asIntN(64, score) === score && score !== -(2n ** 63n));
        const scan = (): bigint[][] => scanRows(place(rows, dims, shardBytes), queries).map((scores) => [...scores]);
        if (fits) expect(scan()).toEqual(expected);
        else expect(scan).toThrow('too large');
      }),
      { numRuns: 300 },
    );
  });

  it('holds the largest sums that a row can give: 131,072 codes of -128 times 127', () => {
    const dims = 2 ** 17;
    const full = (value: number, rowScale: number): Codes => ({
      codes: new Int8Array(dims).fill(value),
      scale: rowScale,
    });
    const rows = [full(-128, 2 ** 20), full(127, 2 ** 20), full(-127, 3)];
    const query = full(127, 2 ** 20);
    expect([...scanRows(place(rows, dims), [query])[0]!]).toEqual(referenceScan(rows, query));
  });

  it('knows the last score that fits into 64 bits from the first that does not', () => {
    const codes = new Int8Array(8).fill(-128); // 2^17 with itself
    const rows = place([{ codes, scale: 2 ** 31 }], 8);
    expect(scanRows(rows, [{ codes, scale: 2 ** 31 - 1 }])[0]![0]).toBe(2n ** 63n - 2n ** 32n);
    expect(() => scanRows(rows, [{ codes, scale: 2 ** 31 }])).toThrow('too large');
  });

  it('goes on after a block of rows, and scores equal rows equally wherever they lie', () => {
    const kinds = [1, -7, 127].map((value) => ({ codes: Int8Array.of(value, 2, -value), scale: 2 ** 24 }));
    const rows = Array.from({ length: 10_000 }, (_, i) => kinds[i % 3]!);
    const queries = [5, -128, 99].map((value) => ({ codes: Int8Array.of(value, 1, 0), scale: 2 ** 25 }));
    const scores = scanRows(place(rows, 3, 5000 * 16), queries);
    for (const [i, query] of queries.entries()) {
      expect([...scores[i]!]).toEqual(referenceScan(rows, query));
    }
  });
});
