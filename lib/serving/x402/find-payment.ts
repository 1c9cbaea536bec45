import { type Address, type Hex, isAddressEqual, parseEventLogs } from 'viem';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import type { Deps } from '#lib/platform/deps.ts';

/** What an EIP-3009 authorization moves. Its nonce is used once, whoever sends it. */
export type AuthorizedTransfer = { from: Address; to: Address; value: bigint; nonce: Hex };

/**
 * The transaction in which the authorization paid, whoever sent it: anybody may who has seen it, also before us. Null while its
 * nonce is unused, and where it was cancelled or used up by another transfer that the payer signed with the same nonce: only the
 * Transfer that the token emits next to AuthorizationUsed says what was paid to whom.
 */
export async function findPayment(
  { chain, deployment }: Pick<Deps, 'chain' | 'deployment'>,
  { from, to, value, nonce }: AuthorizedTransfer,
): Promise<Hex | null> {
  const token = { address: deployment.addresses.openToken, abi: openTokenAbi } as const;
  const [used] = await chain.getContractEvents({
    ...token,
    ...{ eventName: 'AuthorizationUsed', args: { authorizer: from, nonce }, fromBlock: BigInt(deployment.startBlock) },
  });
  if (!used) return null;
  const { logs } = await chain.getTransactionReceipt({ hash: used.transactionHash });
  const next = logs.filter((log) => log.logIndex === used.logIndex + 1 && isAddressEqual(log.address, token.address));
  const [paid] = parseEventLogs({ abi: openTokenAbi, eventName: 'Transfer', logs: next });
  const isIt =
    paid && isAddressEqual(paid.args.from, from) && isAddressEqual(paid.args.to, to) && paid.args.value === value;
  return isIt ? used.transactionHash : null;
}
