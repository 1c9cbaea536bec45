import { type Address, encodeAbiParameters, type Hex, hexToBytes, keccak256, toHex } from 'viem';
import { keccakShort } from '#lib/kernel/keccak-short.ts';

/** Type word of the leaf, so that it can never pass for a leaf of earnings or receipts. */
const exampleLeafType: Hex = keccak256(
  toHex('OpenLedger.Example(address contributor,bytes32 contentHash,uint64 contributedAt)'),
);

export type ExampleLeaf = { contributor: Address; contentHash: Hex; contributedAtSeconds: number };

/**
 * Leaf of one row of a version: keccak256 twice over abi.encode(bytes32 type, address contributor, bytes32 contentHash,
 * uint64 contributedAt), after protocol.md §4.3. It binds who, what and when; the text itself stays off chain. Hashed
 * twice, so that no inner node (64 bytes) can pass for a leaf. Anyone can rebuild the root from the version's JSONL.
 */
export function exampleLeaf({ contributor, contentHash, contributedAtSeconds }: ExampleLeaf): Hex {
  const words = [{ type: 'bytes32' }, { type: 'address' }, { type: 'bytes32' }, { type: 'uint64' }] as const;
  const data = encodeAbiParameters(words, [exampleLeafType, contributor, contentHash, BigInt(contributedAtSeconds)]);
  return keccak256(keccak256(data));
}

const words = new Uint8Array(4 * 32);
words.set(hexToBytes(exampleLeafType));

/** The same leaf, written as 32 bytes to `target` from `offset` on: without viem's coding, for whoever hashes a million. */
export function packLeaf(
  { contributor, contentHash, contributedAtSeconds }: ExampleLeaf,
  target: Uint8Array,
  offset: number,
): void {
  words.set(hexToBytes(contributor), 32 + 12);
  words.set(hexToBytes(contentHash), 64);
  new DataView(words.buffer).setBigUint64(3 * 32 + 24, BigInt(contributedAtSeconds));
  keccakShort(words, target, offset);
  keccakShort(target.slice(offset, offset + 32), target, offset);
}
