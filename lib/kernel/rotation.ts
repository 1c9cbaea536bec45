import type { Address, Hex } from 'viem';

/** "What `account` earned shall be paid to `to`", asked for by whoever may rescue the account. `deadline` in seconds. */
export type Rotation = { account: Address; to: Address; nonce: bigint; deadline: bigint };

/** A signed rotation as it is handed from who signed it to who brings it on chain; numbers as text, because it is JSON. */
export type RotationApproval = { account: Address; to: Address; deadline: string; signature: Hex };

const types = {
  Rotation: [
    { name: 'account', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

/** EIP-712 typed data of a rotation (LedgerAccounts.sol), for viem's `signTypedData`. */
export function rotationTypedData(domain: { chainId: number; attributionLedger: Address }, rotation: Rotation) {
  return {
    domain: {
      ...{ name: 'AttributionLedger', version: '1', chainId: domain.chainId },
      verifyingContract: domain.attributionLedger,
    },
    types,
    primaryType: 'Rotation',
    message: rotation,
  } as const;
}

/** Reads an approval that somebody pasted. Null when it is none. */
export function parseApproval(text: string): RotationApproval | null {
  let value: Partial<Record<keyof RotationApproval, unknown>> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const isAddress = (part: unknown): part is Address => typeof part === 'string' && /^0x[0-9a-fA-F]{40}$/.test(part);
  const { account, to, deadline, signature } = value ?? {};
  if (!isAddress(account) || !isAddress(to)) return null;
  if (typeof deadline !== 'string' || !/^\d{1,15}$/.test(deadline)) return null;
  if (typeof signature !== 'string' || !/^0x[0-9a-fA-F]{130,4096}$/.test(signature)) return null;
  return { account, to, deadline, signature: signature as Hex };
}
