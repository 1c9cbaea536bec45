import { eq, inArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { models } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { listMixParts } from '#lib/mixes/list-mix-parts.ts';

/**
 * The chain's facts about versions and models as SQL over `chain_events`, so that a reorg changes every answer at once. Each
 * is one look-up in the index (name, subject).
 */

/**
 * Head of the Datanet after it accepted the version's root, or null. Only the Datanet's own registry entry counts, the
 * earliest with its metaHash and owner: anybody may commit a copied root elsewhere. Needs `datanets` and `datanetVersions`
 * in the query.
 */
const datanetHead = sql<`0x${string}` | null>`(select a.args ->> 'head' from ${chainEvents} a
  where a.contract = 'datanetRegistry' and a.name = 'BatchAccepted' and a.subject = ${datanetVersions.root}
    and a.args ->> 'id' = (select c.args ->> 'id' from ${chainEvents} c
      where c.contract = 'datanetRegistry' and c.name = 'DatanetCreated'
        and c.subject = ${datanets.metaHash} and c.args ->> 'owner' = ${datanets.owner}
      order by c.block_number, c.log_index limit 1)
  order by a.block_number, a.log_index limit 1)`;

/** True when the chain has accepted the version's root; not for mixes. Needs `datanets` and `datanetVersions` in the query. */
export const isAnchored = sql<boolean>`(${datanetHead} is not null)`;

/** True when the chain has the model's version: it can be asked. */
export const isLive = sql<boolean>`exists (select 1 from ${chainEvents} e
  where e.contract = 'modelRegistry' and e.name = 'VersionPublished' and e.subject = ${models.versionHash})`;

/**
 * Heads of the Datanets that a model trained on this version commits to: the version's own, or those of a mix's parts in their order. Null
 * in the place of one whose version the chain has not accepted.
 */
export async function findDatanetHeads(
  db: DatabaseOrTransaction,
  versionId: string,
): Promise<{ slug: string; number: number; head: `0x${string}` | null }[]> {
  const parts = await listMixParts(db, versionId);
  const ids = parts.length > 0 ? parts.map((part) => part.versionId) : [versionId];
  const rows = await db
    .select({ id: datanetVersions.id, slug: datanets.slug, number: datanetVersions.number, head: datanetHead })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(inArray(datanetVersions.id, ids));
  return ids.flatMap((id) => rows.filter((row) => row.id === id));
}
