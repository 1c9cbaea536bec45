import { and, desc, eq, sql } from 'drizzle-orm';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { Royalty } from '../types.ts';

type RoyaltyDeps = Pick<Deps, 'db' | 'chain' | 'deployment' | 'now'>;

/** What the owner of a model asks of those who publish a merge with it, by its number in ModelRegistry. Most never ask anything. */
export async function findRoyalty(deps: RoyaltyDeps, registryId: string): Promise<Royalty> {
  const [newest] = await deps.db
    .select({
      bps: sql<number>`(${chainEvents.args} ->> 'bps')::int`,
      at: sql<number>`(${chainEvents.args} ->> 'effectiveAt')::int`,
    })
    .from(chainEvents)
    .where(
      and(
        ...[eq(chainEvents.contract, 'modelRegistry'), eq(chainEvents.name, 'RoyaltyAnnounced')],
        sql`${chainEvents.args} ->> 'id' = ${registryId}`,
      ),
    )
    .orderBy(desc(chainEvents.blockNumber), desc(chainEvents.logIndex))
    .limit(1);
  if (!newest) return { bps: 0, next: null };
  const holdsFrom = new Date(newest.at * 1000);
  if (holdsFrom <= deps.now()) return { bps: newest.bps, next: null };
  return { bps: await readRoyalty(deps, registryId), next: { bps: newest.bps, holdsFrom: holdsFrom.toISOString() } };
}

/** What holds until an announced one does; null while the chain does not answer. */
async function readRoyalty({ chain, deployment }: RoyaltyDeps, registryId: string): Promise<number | null> {
  const call = { address: deployment.addresses.modelRegistry, abi: modelRegistryAbi } as const;
  return chain.readContract({ ...call, functionName: 'royaltyOf', args: [BigInt(registryId)] }).catch(() => null);
}
