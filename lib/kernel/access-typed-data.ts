import type { Address, Hex } from 'viem';

/** What somebody signs who asks to read a private Datanet. `publicKey` is 0x where nothing is encrypted. Times in seconds. */
export type AccessRequestMessage = {
  datanet: string;
  account: Address;
  purpose: string;
  publicKey: Hex;
  signedAt: bigint;
};

/** What the owner signs. `request` names the request, so that a permission is for these words and is used once. */
export type AccessGrantMessage = { datanet: string; grantee: Address; request: string; expiresAt: bigint };

// No contract checks these signatures, so the domain names no contract; chain and name keep them out of other uses.
const domainOf = (chainId: number) => ({ name: 'OpenLedger access', version: '1', chainId });

/** EIP-712 typed data of a request, for viem's `signTypedData` and `verifyTypedData`. */
export function accessRequestTypedData(chainId: number, message: AccessRequestMessage) {
  return {
    domain: domainOf(chainId),
    types: {
      AccessRequest: [
        { name: 'datanet', type: 'string' },
        { name: 'account', type: 'address' },
        { name: 'purpose', type: 'string' },
        { name: 'publicKey', type: 'bytes' },
        { name: 'signedAt', type: 'uint64' },
      ],
    },
    primaryType: 'AccessRequest',
    message,
  } as const;
}

/** EIP-712 typed data of a permission. */
export function accessGrantTypedData(chainId: number, message: AccessGrantMessage) {
  return {
    domain: domainOf(chainId),
    types: {
      AccessGrant: [
        { name: 'datanet', type: 'string' },
        { name: 'grantee', type: 'address' },
        { name: 'request', type: 'string' },
        { name: 'expiresAt', type: 'uint64' },
      ],
    },
    primaryType: 'AccessGrant',
    message,
  } as const;
}
