import type { Address, Hex, PublicClient } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import type { ChainEpoch } from '#lib/kernel/verification/receipt-evidence.ts';
import type { Deployment } from '#lib/platform/deployment.ts';

const states = ['none', 'pending', 'frozen', 'active', 'revoked'] as const;

/**
 * The epoch with that earnings root, as the chain itself has it: its event, and the word and state that the contract stores.
 * `none` where no epoch has it. One query over the ledger's events since its deployment.
 */
export async function findChainEpoch(
  place: { chain: PublicClient; deployment: Deployment },
  earningsRoot: Hex,
): Promise<ChainEpoch | 'none'> {
  const { chain, deployment } = place;
  const contract = { address: deployment.addresses.attributionLedger, abi: attributionLedgerAbi } as const;
  const submitted = await chain.getContractEvents({
    ...contract,
    ...({ eventName: 'EpochSubmitted', fromBlock: BigInt(deployment.startBlock), strict: true } as const),
  });
  // The same root twice: the newest, because an earlier one with it was revoked.
  const event = submitted.findLast(({ args }) => args.earningsRoot === earningsRoot)?.args;
  if (!event) return 'none';
  const [top] = await chain.readContract({ ...contract, functionName: 'epochs', args: [event.id] });
  const state = await chain.readContract({ ...contract, functionName: 'stateOf', args: [event.id] });
  const { id, receiptsRoot, uri } = event;
  const publisher = event.publisher.toLowerCase() as Address;
  return { id, publisher, earningsRoot, receiptsRoot, uri, top, state: states[state] ?? 'none' };
}
