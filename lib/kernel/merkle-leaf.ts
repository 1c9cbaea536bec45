import { type Address, encodeAbiParameters, type Hex, keccak256, toHex } from 'viem';

/**
 * The leaf of an account's cumulative earnings: StandardMerkleTree's leaf of (address, uint256), and the ledger's
 * `leafOf`. Hashed twice, so that no inner node (64 bytes) can pass for a leaf.
 */
export function earningsLeaf(account: Address, cumulativeWei: bigint): Hex {
  return doubleHash(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [account, cumulativeWei]));
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

function doubleHash(data: Hex): Hex {
  return keccak256(keccak256(data));
}
