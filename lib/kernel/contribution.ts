import { type Address, type Hex, hashTypedData } from 'viem';

/** What a contributor signs: this content, to this Datanet of the registry, under this licence. */
export type SignedContribution = { datanetId: bigint; contentHash: Hex; licenceHash: Hex; nonce: bigint };

const types = {
  Contribution: [
    { name: 'datanetId', type: 'uint256' },
    { name: 'contentHash', type: 'bytes32' },
    { name: 'licenceHash', type: 'bytes32' },
    { name: 'nonce', type: 'uint256' },
  ],
} as const;

/**
 * EIP-712 typed data of a contribution, for the contributor's wallet and `DatanetRegistry.isContribution`. The nonce tells
 * signatures apart: `revokeContribution(nonce)` takes back those that bear it.
 */
export function contributionTypedData(
  domain: { chainId: number; datanetRegistry: Address },
  contribution: SignedContribution,
) {
  return {
    domain: {
      name: 'DatanetRegistry',
      version: '1',
      chainId: domain.chainId,
      verifyingContract: domain.datanetRegistry,
    },
    types,
    primaryType: 'Contribution',
    message: contribution,
  } as const;
}

/** The digest that the contract's `contributionDigest` returns. */
export function hashContribution(
  domain: { chainId: number; datanetRegistry: Address },
  contribution: SignedContribution,
): Hex {
  return hashTypedData(contributionTypedData(domain, contribution));
}
