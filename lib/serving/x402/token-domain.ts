import type { Address, PublicClient } from 'viem';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import type { Deps } from '#lib/platform/deps.ts';

export type TokenDomain = { name: string; version: string; chainId: number; verifyingContract: Address };

const known = new WeakMap<PublicClient, Promise<TokenDomain | null>>();

/**
 * The EIP-712 domain of OPEN where it knows EIP-3009, else null: the devnet's token does, the real OPEN has neither permit nor
 * authorizations. Asked once; a chain that did not answer is asked again.
 */
export function findTokenDomain(deps: Pick<Deps, 'chain' | 'deployment'>): Promise<TokenDomain | null> {
  const found = known.get(deps.chain) ?? readDomain(deps);
  known.set(deps.chain, found);
  found.catch(() => known.delete(deps.chain));
  return found.catch(() => null);
}

async function readDomain({ chain, deployment }: Pick<Deps, 'chain' | 'deployment'>): Promise<TokenDomain | null> {
  const token = { address: deployment.addresses.openToken, abi: openTokenAbi } as const;
  const code = await chain.getCode({ address: token.address });
  if (!code?.includes('e3ee160e')) return null; // selector of transferWithAuthorization(…, uint8, bytes32, bytes32)
  const [, name, version] = await chain.readContract({ ...token, functionName: 'eip712Domain' });
  return { name, version, chainId: deployment.chainId, verifyingContract: token.address };
}
