import { sql } from 'drizzle-orm';
import type { Address } from 'viem';
import { poolVaultsAbi } from '#contracts-abi/pool-vaults.ts';
import { stakePoolsAbi } from '#contracts-abi/stake-pools.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { poolOf } from '#lib/kernel/pool-of.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { PeriodTerms } from './period-schema.ts';

/**
 * The Datanets of versions that are on chain: their numbers, and the vaults of their stake pools where somebody is staked at
 * `stakeBlock`. The earliest registration by the owner counts: anybody may register a copied hash again.
 */
export async function loadDatanets(
  deps: Pick<Deps, 'db' | 'chain' | 'deployment'>,
  versionIds: readonly string[],
  stakeBlock: number,
): Promise<PeriodTerms['datanets']> {
  const { rows } = await deps.db.execute<{ version_id: string; meta_cid: string; id: string | null }>(sql`
    select v.id as version_id, d.meta_hash as meta_cid, (select e.args ->> 'id' from ${chainEvents} e
      where e.contract = 'datanetRegistry' and e.name = 'DatanetCreated'
        and e.subject = d.meta_hash and e.args ->> 'owner' = d.owner
      order by e.block_number, e.log_index limit 1) as id
    from ${datanetVersions} v join ${datanets} d on d.id = v.datanet_id
    where v.id in (${sql.join(
      versionIds.map((id) => sql`${id}`),
      sql`, `,
    )})`);
  const stakers = new Map<string, Address | null>();
  const found: PeriodTerms['datanets'] = {};
  for (const { version_id, meta_cid, id } of rows) {
    if (id === null) continue;
    if (!stakers.has(id)) stakers.set(id, await findStakers(deps, id, stakeBlock));
    found[version_id] = { id, metaCid: meta_cid, stakers: stakers.get(id)! };
  }
  return found;
}

async function findStakers(
  { chain, deployment }: Pick<Deps, 'chain' | 'deployment'>,
  datanet: string,
  stakeBlock: number,
): Promise<Address | null> {
  const { stakePools, poolVaults } = deployment.addresses;
  if (!stakePools || !poolVaults) return null;
  const args = [poolOf('datanet', datanet)] as const;
  const [shares] = await chain.readContract({
    ...({ address: stakePools, abi: stakePoolsAbi, functionName: 'pools', args } as const),
    blockNumber: BigInt(stakeBlock),
  });
  if (shares === 0n) return null;
  const vault = await chain.readContract({ address: poolVaults, abi: poolVaultsAbi, functionName: 'vaultOf', args });
  return vault.toLowerCase() as Address;
}
