import fc from 'fast-check';
import { bytesToHex } from 'viem';
import { expect, it } from 'vitest';
import { exampleLeaf, packLeaf } from './example-leaf.ts';

const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => bytesToHex(value));

it('packs the leaf that the registry computes, wherever it is put', () => {
  const row = fc.record({ contributor: hex(20), contentHash: hex(32), contributedAtSeconds: fc.nat() });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
      const packed = new Uint8Array(32 * rows.length);
      for (const [at, leaf] of rows.entries()) packLeaf(leaf, packed, 32 * at);
      rows.forEach((leaf, at) => {
        expect(bytesToHex(packed.subarray(32 * at, 32 * at + 32))).toBe(exampleLeaf(leaf));
      });
    }),
  );
});
