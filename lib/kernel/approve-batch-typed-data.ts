import type { Address, Hex } from 'viem';

/** EIP-712 typed data of a curator's approval, as `DatanetRegistry.acceptDigest` hashes it. */
export function approveBatchTypedData(
  registry: { chainId: number; address: Address },
  message: { id: bigint; batch: bigint; root: Hex },
) {
  return {
    domain: { name: 'DatanetRegistry', version: '1', chainId: registry.chainId, verifyingContract: registry.address },
    types: {
      AcceptBatch: [
        { name: 'id', type: 'uint256' },
        { name: 'batch', type: 'uint256' },
        { name: 'root', type: 'bytes32' },
      ],
    },
    primaryType: 'AcceptBatch',
    message,
  } as const;
}
