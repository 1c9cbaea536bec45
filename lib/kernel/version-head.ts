import { type Address, encodeAbiParameters, type Hex, hashTypedData, keccak256 } from 'viem';
import { buildTree } from './merkle.ts';
import { rowLeaf } from './merkle-leaf.ts';

/** One accepted batch of a Datanet: Merkle root of its rows and their number. */
export type AcceptedBatch = { root: Hex; count: number };

/** What a published version of a model commits to; `baseVersion` is 0 for a model without base. */
export type ModelVersion = {
  baseVersion: number;
  datanetHeadsRoot: Hex;
  trainConfigHash: Hex;
  adapterHash: Hex;
  evalHash: Hex;
  licenceHash: Hex;
};

/** The head of a Datanet or model that has no version yet. */
export const genesisHead: Hex = `0x${'00'.repeat(32)}`;

/** DatanetRegistry: head' = keccak256(abi.encode(head, root, count)). */
export function appendBatch(head: Hex, batch: AcceptedBatch): Hex {
  const words = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint256' }] as const;
  return keccak256(encodeAbiParameters(words, [head, batch.root, BigInt(batch.count)]));
}

/** Folds accepted batches, in the order of their acceptance, to the Datanet's head. */
export function foldBatches(batches: readonly AcceptedBatch[]): Hex {
  return batches.reduce(appendBatch, genesisHead);
}

/** ModelRegistry.hashVersion: keccak256 of the ABI-encoded struct. */
export function hashModelVersion(version: ModelVersion): Hex {
  const words = ['uint32', 'bytes32', 'bytes32', 'bytes32', 'bytes32', 'bytes32'] as const;
  return keccak256(
    encodeAbiParameters(
      words.map((type) => ({ type })),
      [
        version.baseVersion,
        version.datanetHeadsRoot,
        version.trainConfigHash,
        version.adapterHash,
        version.evalHash,
        version.licenceHash,
      ],
    ),
  );
}

/** ModelRegistry: head' = keccak256(abi.encode(head, versionHash)). */
export function appendModelVersion(head: Hex, versionHash: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [head, versionHash]));
}

/** `datanetHeadsRoot` of a version: the Merkle root of the heads that it was trained on; zero when there is none. */
export function datanetHeadsRoot(heads: readonly Hex[]): Hex {
  return heads.length === 0 ? genesisHead : buildTree(heads.map(rowLeaf)).root;
}

const acceptTypes = {
  AcceptBatch: [
    { name: 'id', type: 'uint256' },
    { name: 'batch', type: 'uint256' },
    { name: 'root', type: 'bytes32' },
  ],
} as const;

/** EIP-712 typed data of a curator's approval, for `DatanetRegistry.accept`. */
export function acceptBatchTypedData(
  domain: { chainId: number; datanetRegistry: Address },
  approval: { id: bigint; batch: bigint; root: Hex },
) {
  return {
    domain: {
      name: 'DatanetRegistry',
      version: '1',
      chainId: domain.chainId,
      verifyingContract: domain.datanetRegistry,
    },
    types: acceptTypes,
    primaryType: 'AcceptBatch',
    message: approval,
  } as const;
}

/** The digest that the contract's `acceptDigest` returns. */
export function hashAcceptBatch(
  domain: { chainId: number; datanetRegistry: Address },
  approval: { id: bigint; batch: bigint; root: Hex },
): Hex {
  return hashTypedData(acceptBatchTypedData(domain, approval));
}
