import { erc20Abi, getAbiItem, type PublicClient } from 'viem';
import { poolVaultsAbi } from '../../contracts-abi/pool-vaults.ts';
import { stakePoolsAbi } from '../../contracts-abi/stake-pools.ts';
import type { Deployment } from '../../lib/platform/deployment.ts';
import type { Check } from './check-conservation.ts';

const transferEvent = getAbiItem({ abi: erc20Abi, name: 'Transfer' });
const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n);

/**
 * The way of money from vaults to stakers at one block: what vaults got and do not hold any more was collected, all of that went
 * into their pools, and nothing stays on the way. From logs and balances alone.
 */
export async function readVaultChecks(
  chain: PublicClient,
  deployment: Deployment,
  blockNumber: bigint,
): Promise<Check[]> {
  const { poolVaults, stakePools, openToken } = deployment.addresses;
  if (!poolVaults || !stakePools) return [];
  const range = { fromBlock: BigInt(deployment.startBlock), toBlock: blockNumber, strict: true } as const;
  const collected = await chain.getContractEvents({
    ...({ address: poolVaults, abi: poolVaultsAbi, eventName: 'Collected' } as const),
    ...range,
  });
  const rewarded = await chain.getContractEvents({
    ...({ address: stakePools, abi: stakePoolsAbi, eventName: 'Rewarded', args: { from: poolVaults } } as const),
    ...range,
  });
  const collectedWei = sum(collected.map(({ args }) => args.amount));
  const token = { address: openToken, abi: erc20Abi, functionName: 'balanceOf', blockNumber } as const;
  const vaults = [...new Set(collected.map(({ args }) => args.vault))];
  const held = await Promise.all(vaults.map((vault) => chain.readContract({ ...token, args: [vault] })));
  const paidIn = await Promise.all(
    vaults.map((to) => chain.getLogs({ address: openToken, event: transferEvent, args: { to }, ...range })),
  );
  return [
    {
      name: 'paid to vaults of stake pools = collected + held',
      left: sum(paidIn.flat().map(({ args }) => args.value)),
      right: collectedWei + sum(held),
    },
    {
      name: 'collected from vaults = streamed to their pools',
      left: collectedWei,
      right: sum(rewarded.map(({ args }) => args.amount)),
    },
    {
      name: 'tokens that stayed on the way from vaults to pools',
      left: await chain.readContract({ ...token, args: [poolVaults] }),
      right: 0n,
    },
  ];
}
