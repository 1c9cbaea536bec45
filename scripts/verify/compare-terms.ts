import type { Address } from 'viem';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { poolVaultsAbi } from '#contracts-abi/pool-vaults.ts';
import { stakePoolsAbi } from '#contracts-abi/stake-pools.ts';
import { poolOf } from '#lib/kernel/pool-of.ts';
import type { PeriodTerms } from '#lib/rewards/period-schema.ts';
import { compareRoyalties } from './compare-royalties.ts';
import type { ChainPlace, Comparison } from './comparison.ts';

/**
 * What a period's file says of the chain beside money: which Datanets its versions belong to, whose stakers were there to be paid,
 * and what its models owe to their bases. `blocks`: between the epoch before and this one stakers had to be looked for.
 */
export async function compareTerms(
  place: ChainPlace,
  terms: PeriodTerms,
  blocks: { previous: number; own: number | null },
): Promise<Comparison[]> {
  const isBetween = terms.stakeBlock >= blocks.previous && terms.stakeBlock <= (blocks.own ?? terms.stakeBlock);
  return [
    { what: 'stakers are those between the epoch before and this one', file: 'true', found: String(isBetween) },
    ...(await compareDatanets(place, terms)),
    ...(await compareRoyalties(place, terms)),
  ];
}

async function compareDatanets({ chain, deployment }: ChainPlace, terms: PeriodTerms): Promise<Comparison[]> {
  const datanets = [...new Map(Object.values(terms.datanets).map((one) => [JSON.stringify(one), one])).values()];
  if (datanets.length === 0) return [];
  const created = await chain.getContractEvents({
    ...({
      address: deployment.addresses.datanetRegistry,
      abi: datanetRegistryAbi,
      eventName: 'DatanetCreated',
    } as const),
    ...({ fromBlock: BigInt(deployment.startBlock), strict: true } as const),
  });
  const metaCids = new Map(created.map(({ args }) => [args.id.toString(), args.metaCid]));
  const comparisons: Comparison[] = [];
  for (const { id, metaCid, stakers } of datanets) {
    const found = metaCids.get(id)?.toLowerCase();
    comparisons.push({ what: `Datanet ${id} on chain`, file: metaCid.toLowerCase(), found: String(found) });
    const vault = await findStakers({ chain, deployment }, id, terms.stakeBlock);
    comparisons.push({ what: `stakers of Datanet ${id}`, file: String(stakers), found: String(vault) });
  }
  return comparisons;
}

/** The vault of its pool, where the pool's last event before the block leaves a share in it. By events: they need no archive. */
async function findStakers({ chain, deployment }: ChainPlace, id: string, stakeBlock: number): Promise<Address | null> {
  const { stakePools, poolVaults } = deployment.addresses;
  if (!stakePools || !poolVaults) return null;
  const pool = poolOf('datanet', id);
  const events = await Promise.all(
    (['Staked', 'Unbonding'] as const).map((eventName) =>
      chain.getContractEvents({
        ...({ address: stakePools, abi: stakePoolsAbi, eventName, args: { pool }, strict: true } as const),
        ...{ fromBlock: BigInt(deployment.startBlock), toBlock: BigInt(stakeBlock) },
      }),
    ),
  );
  const inOrder = events.flat().sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
  if ((inOrder.at(-1)?.args.total ?? 0n) === 0n) return null;
  const vault = await chain.readContract({
    address: poolVaults,
    abi: poolVaultsAbi,
    functionName: 'vaultOf',
    args: [pool],
  });
  return vault.toLowerCase() as Address;
}
