import { and, eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { models } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { anchorOf, registryIdOf } from '#lib/datanets/chain-facts.ts';

/**
 * The chain's facts about models as SQL over `chain_events`, so that a reorg changes every answer at once. Each is one
 * look-up in the index (name, subject).
 */

/** True when the chain has accepted the version's root for its own Datanet. Needs both tables in the query. */
export const isAnchored = sql<boolean>`(${anchorOf(
  sql`${datanetVersions.root}`,
  registryIdOf(sql`${datanets.metaHash}`, sql`${datanets.owner}`),
)} is not null)`;

/** True when the chain has the model's version: it can be asked. */
export const isLive = sql<boolean>`exists (select 1 from ${chainEvents} e
  where e.contract = 'modelRegistry' and e.name = 'VersionPublished' and e.subject = ${models.versionHash})`;

/** Head of the Datanet after it accepted this version's root, or null while the chain has not. */
export async function findDatanetHead(db: DatabaseOrTransaction, versionId: string): Promise<`0x${string}` | null> {
  const registryId = registryIdOf(sql`${datanets.metaHash}`, sql`${datanets.owner}`);
  const [row] = await db
    .select({ head: sql<`0x${string}`>`${chainEvents.args} ->> 'head'` })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .innerJoin(
      chainEvents,
      and(
        eq(chainEvents.name, 'BatchAccepted'),
        eq(chainEvents.subject, datanetVersions.root),
        sql`${chainEvents.args} ->> 'id' = ${registryId}`,
      ),
    )
    .where(eq(datanetVersions.id, versionId))
    .orderBy(chainEvents.blockNumber, chainEvents.logIndex)
    .limit(1);
  return row?.head ?? null;
}
