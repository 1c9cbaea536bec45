import { type Address, encodeAbiParameters, type Hex, keccak256, toHex } from 'viem';
import { keccakShort } from './keccak-short.ts';

/**
 * The leaf of an account's cumulative earnings: StandardMerkleTree's leaf of (address, uint256), and the ledger's
 * `leafOf`. Hashed twice, so that no inner node (64 bytes) can pass for a leaf.
 */
export function earningsLeaf(account: Address, cumulativeWei: bigint): Hex {
  return doubleHash(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [account, cumulativeWei]));
}

/**
 * The same leaves for many accounts, packed for `buildTree`: 32 bytes each, in the order given. Skips the ABI encoder,
 * which at a million leaves takes longer than all the hashing.
 *
 * @throws RangeError when an amount is negative or does not fit uint128 (the ledger's amounts are uint96)
 */
export function packEarningsLeaves(entries: readonly { account: Address; cumulativeWei: bigint }[]): Uint8Array {
  const packed = new Uint8Array(32 * entries.length);
  const encoded = new Uint8Array(64);
  const view = new DataView(encoded.buffer);
  const inner = new Uint8Array(32);
  entries.forEach(({ account, cumulativeWei }, index) => {
    if (cumulativeWei < 0n || cumulativeWei >> 128n !== 0n) throw new RangeError(`amount ${index} is not a uint128`);
    writeHex(view, 12, account);
    view.setBigUint64(48, cumulativeWei >> 64n);
    view.setBigUint64(56, cumulativeWei);
    keccakShort(encoded, inner, 0);
    keccakShort(inner, packed, 32 * index);
  });
  return packed;
}

/** The leaf of one row of a Datanet batch, from the hash of its content: StandardMerkleTree's leaf of (bytes32). */
export function rowLeaf(contentHash: Hex): Hex {
  return doubleHash(encodeAbiParameters([{ type: 'bytes32' }], [contentHash]));
}

const receiptType = keccak256(toHex('OpenLedger.Receipt(bytes32 receiptHash,uint256 feeWei)'));

/**
 * The leaf of a receipt. It starts with a type word and has three words, so that it can never pass for a leaf of
 * earnings under the same epoch (reference: AttributionLedger, EPOCHS).
 */
export function receiptLeaf(receiptHash: Hex, feeWei: bigint): Hex {
  const types = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint256' }] as const;
  return doubleHash(encodeAbiParameters(types, [receiptType, receiptHash, feeWei]));
}

/**
 * The same leaves for many receipts, packed for `buildTree`: 32 bytes each, in the order given.
 *
 * @throws RangeError when a fee is negative or does not fit uint128
 */
export function packReceiptLeaves(entries: readonly { hash: Hex; feeWei: bigint }[]): Uint8Array {
  const packed = new Uint8Array(32 * entries.length);
  const encoded = new Uint8Array(96);
  const view = new DataView(encoded.buffer);
  const inner = new Uint8Array(32);
  writeHex(view, 0, receiptType);
  entries.forEach(({ hash, feeWei }, index) => {
    if (feeWei < 0n || feeWei >> 128n !== 0n) throw new RangeError(`fee ${index} is not a uint128`);
    writeHex(view, 32, hash);
    view.setBigUint64(80, feeWei >> 64n);
    view.setBigUint64(88, feeWei);
    keccakShort(encoded, inner, 0);
    keccakShort(inner, packed, 32 * index);
  });
  return packed;
}

/** Writes a whole number of four-byte words. */
function writeHex(view: DataView, offset: number, hex: Hex): void {
  for (let at = 2; at < hex.length; at += 8)
    view.setUint32(offset + (at - 2) / 2, Number.parseInt(hex.slice(at, at + 8), 16));
}

function doubleHash(data: Hex): Hex {
  return keccak256(keccak256(data));
}
