import { encodeFunctionData, type Hex, keccak256, toBytes } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { directoryAbi } from '#contracts-abi/directory.ts';
import type { TestSettlementWorld } from './settlement-world.ts';

/**
 * Decides a challenge as the court, whoever plays that part by the Directory: sent from its address, because a jury's days
 * do not fit into a test of settlement. Throws when the ledger refuses.
 */
export async function judgeEpoch(
  world: Pick<TestSettlementWorld, 'deps' | 'addresses'> & { chain: Pick<TestSettlementWorld['chain'], 'rpc'> },
  epochId: number,
  upheld: boolean,
): Promise<void> {
  const { deps, addresses, chain } = world;
  const args = [keccak256(toBytes('DisputeCourt'))] as const;
  const directory = { address: addresses.directory as Hex, abi: directoryAbi } as const;
  const court = await deps.chain.readContract({ ...directory, functionName: 'addressOf', args });
  await chain.rpc('anvil_impersonateAccount', [court]);
  await chain.rpc('anvil_setBalance', [court, '0xde0b6b3a7640000']);
  const call = { abi: attributionLedgerAbi, functionName: 'resolve', args: [epochId, upheld] } as const;
  const transaction = { from: court, to: addresses.attributionLedger, data: encodeFunctionData(call) };
  const hash = (await chain.rpc('eth_sendTransaction', [transaction])) as Hex;
  const { status } = await deps.chain.waitForTransactionReceipt({ hash });
  if (status !== 'success') throw new Error(`the ledger refused the court's decision on epoch ${epochId}`);
}
