import type { Address, PublicClient } from 'viem';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { poolVaultsAbi } from '#contracts-abi/pool-vaults.ts';
import { stakePoolsAbi } from '#contracts-abi/stake-pools.ts';
import { poolOf } from '#lib/kernel/pool-of.ts';
import type { Deployment } from '#lib/platform/deployment.ts';
import type { PeriodTerms } from '#lib/rewards/period-schema.ts';

export type Comparison = { what: string; file: string; found: string };
type Place = { chain: PublicClient; deployment: Deployment };

/**
 * What a period's file says of the chain beside money: which Datanets its versions belong to, whose stakers were there to be paid,
 * and what its models owe to their bases. `blocks`: between the epoch before and this one stakers had to be looked for.
 */
export async function compareTerms(
  place: Place,
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

async function compareDatanets({ chain, deployment }: Place, terms: PeriodTerms): Promise<Comparison[]> {
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
async function findStakers({ chain, deployment }: Place, id: string, stakeBlock: number): Promise<Address | null> {
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

async function compareRoyalties(place: Place, terms: PeriodTerms): Promise<Comparison[]> {
  const models = Object.entries(terms.models);
  if (models.length === 0) return [];
  const registry = await readRegistry(place);
  return models.map(([id, { versionHash, payees }]) => {
    const owed = registry.owedBy(versionHash);
    const found = owed.map(({ bps, owners }, i) => {
      const said = payees[i]?.[0];
      return `${said && owners.has(said) ? said : [...owners].at(-1)}:${bps}`;
    });
    const file = payees.map(([account, bps]) => `${account}:${bps}`).join(' ');
    return { what: `what model ${id} owes to its bases`, file: file || 'nothing', found: found.join(' ') || 'nothing' };
  });
}

/** Versions, royalties and owners as the registry's events tell them. */
async function readRegistry({ chain, deployment }: Place) {
  const read = <E extends 'VersionPublished' | 'RoyaltyFrozen' | 'ModelRegistered' | 'OwnerChanged'>(eventName: E) =>
    chain.getContractEvents({
      ...({ address: deployment.addresses.modelRegistry, abi: modelRegistryAbi, eventName, strict: true } as const),
      fromBlock: BigInt(deployment.startBlock),
    });
  const [published, frozen] = [await read('VersionPublished'), await read('RoyaltyFrozen')];
  const owners = new Map<bigint, Set<Address>>();
  const own = (id: bigint, owner: Address) =>
    owners.set(id, (owners.get(id) ?? new Set<Address>()).add(owner.toLowerCase() as Address));
  for (const { args } of await read('ModelRegistered')) own(args.id, args.owner);
  for (const { args } of await read('OwnerChanged')) own(args.id, args.to);
  return {
    /** Up the lineage: bps of what the model below got, and who ever owned the base. */
    owedBy(versionHash: string) {
      const owed: { bps: number; owners: Set<Address> }[] = [];
      let version = published.find(({ args }) => args.versionHash === versionHash)?.args;
      while (version) {
        const { id, number } = version;
        const royalty = frozen.find(({ args }) => args.id === id && args.number === number)?.args;
        if (!royalty) break;
        owed.push({ bps: royalty.bps, owners: owners.get(royalty.base) ?? new Set() });
        const above = { id: royalty.base, number: version.version.baseVersion };
        version = published.find(({ args }) => args.id === above.id && args.number === above.number)?.args;
      }
      return owed;
    },
  };
}
