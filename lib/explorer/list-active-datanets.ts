import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { exampleCounts } from '#db/schema/counts.ts';
import { datanets, datanetVersions, examples } from '#db/schema/datanets.ts';
import { inferences, models } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import type { ActiveDatanetRow } from './types.ts';

const newestRows = 1_000;

type Row = { slug: string; title: string; owner: `0x${string}`; rows: number; last: string };

/**
 * Datanets that are registered on chain by their owner and did something since `since`: a row was accepted, or a model
 * built on one of their versions answered. The liveliest first; at most 200. Rows are not counted, their kept counts are; of each
 * Datanet the newest 1,000 accepted rows are asked when they were accepted.
 */
export async function listActiveDatanets(db: DatabaseOrTransaction, since: Date): Promise<ActiveDatanetRow[]> {
  const result = await db.execute<Row>(sql`
    select d.slug, d.title, d.owner, n.rows, greatest(e.last, a.last) as last
    from ${datanets} d
    cross join lateral (select coalesce(sum(c.rows), 0)::int as rows from ${exampleCounts} c
      where c.datanet_id = d.id and c.status = 'accepted') n
    cross join lateral (select max(x.reviewed_at) as last from (
      select reviewed_at from ${examples} where datanet_id = d.id and status = 'accepted'
      order by id desc limit ${newestRows}) x) e
    cross join lateral (select max(i.created_at) as last from ${datanetVersions} v
      join ${models} m on m.version_id = v.id
      join ${inferences} i on i.model_id = m.id and i.status = 'completed'
      where v.datanet_id = d.id) a
    where greatest(e.last, a.last) >= ${since.toISOString()}
      and exists (select 1 from ${chainEvents} c where c.contract = 'datanetRegistry' and c.name = 'DatanetCreated'
        and c.subject = d.meta_hash and c.args ->> 'owner' = d.owner)
    order by last desc, d.slug limit 200`);
  return result.rows.map((row) => ({
    slug: row.slug,
    title: row.title,
    owner: row.owner,
    rowCount: row.rows,
    lastActiveAt: new Date(row.last),
  }));
}

/** A Datanet counts as active for this long after it last did something. */
const activeDays = 30;

export function activeSince(now: Date): Date {
  return new Date(now.getTime() - activeDays * 86_400_000);
}
