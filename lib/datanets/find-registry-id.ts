import { sql } from 'drizzle-orm';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { registryIdOf } from './chain-facts.ts';
import type { DatanetTerms } from './get-datanet-terms.ts';

/**
 * Id of a Datanet in DatanetRegistry, or null while it is not registered. The index of events answers; when it has nothing
 * yet, the chain itself is asked, which owns the fact and is seconds ahead of the index.
 */
export async function findRegistryId(
  deps: Pick<Deps, 'db' | 'chain' | 'deployment'>,
  datanet: Pick<DatanetTerms, 'metaHash' | 'owner'>,
): Promise<string | null> {
  const indexed = await deps.db.execute<{ id: string | null }>(
    sql`select ${registryIdOf(sql`${datanet.metaHash}`, sql`${datanet.owner}`)} as id`,
  );
  const id = indexed.rows[0]?.id ?? null;
  if (id !== null) return id;
  const events = await deps.chain.getContractEvents({
    address: deps.deployment.addresses.datanetRegistry,
    abi: datanetRegistryAbi,
    eventName: 'DatanetCreated',
    args: { owner: datanet.owner },
    fromBlock: BigInt(deps.deployment.startBlock),
  });
  const created = events.find((event) => event.args.metaCid?.toLowerCase() === datanet.metaHash);
  return created?.args.id?.toString() ?? null;
}
