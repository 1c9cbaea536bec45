import { type Address, type Hex, parseSignature } from 'viem';
import { readContract, signTypedData } from 'wagmi/actions';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import type { WalletConfig } from '../wallet-config.ts';
import { walletStore } from '../wallet-store.ts';

const types = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const;

export type Permit = { value: bigint; deadline: bigint; v: number; r: Hex; s: Hex };

/** The wallet's permission (EIP-2612) that the channels contract may take exactly this amount, within an hour. */
export async function signPermit(config: WalletConfig, owner: Address, value: bigint): Promise<Permit> {
  const { config: wagmi } = await walletStore.handlers();
  const { openToken, inferenceChannels } = config.addresses;
  const token = { address: openToken, abi: openTokenAbi } as const;
  const [nonce, [, name, version]] = await Promise.all([
    readContract(wagmi, { ...token, functionName: 'nonces', args: [owner] }),
    readContract(wagmi, { ...token, functionName: 'eip712Domain' }),
  ]);
  const deadline = BigInt(Math.floor(Date.now() / 1000) + 3600);
  const signature = await signTypedData(wagmi, {
    account: owner,
    domain: { name, version, chainId: config.chainId, verifyingContract: openToken },
    types,
    primaryType: 'Permit',
    message: { owner, spender: inferenceChannels, value, nonce, deadline },
  });
  const { r, s, yParity } = parseSignature(signature);
  return { value, deadline, v: yParity + 27, r, s };
}
