import { encodeAbiParameters, type Hex, hexToBytes, keccak256, toHex } from 'viem';

const feeType = keccak256(toHex('OpenLedger.DatanetFee.v1'));

/** All protocol fees, in wei, that answers with a Datanet ever paid; `datanet` is its number in DatanetRegistry. */
export type DatanetFee = { datanet: bigint; cumulativeWei: bigint };

/**
 * The leaf of a Datanet's fees, which stands among an epoch's receipts: `EmissionController.feeLeaf`. Its type word keeps it
 * from passing for a receipt, its three words from passing for earnings.
 */
export function datanetFeeLeaf({ datanet, cumulativeWei }: DatanetFee): Hex {
  const types = [{ type: 'bytes32' }, { type: 'uint256' }, { type: 'uint256' }] as const;
  return keccak256(keccak256(encodeAbiParameters(types, [feeType, datanet, cumulativeWei])));
}

/** The same for several, packed for `buildTree`. */
export function packDatanetFeeLeaves(fees: readonly DatanetFee[]): Uint8Array {
  const packed = new Uint8Array(32 * fees.length);
  fees.forEach((fee, i) => {
    packed.set(hexToBytes(datanetFeeLeaf(fee)), 32 * i);
  });
  return packed;
}
