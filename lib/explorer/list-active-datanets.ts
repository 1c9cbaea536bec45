import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, examples } from '#db/schema/datanets.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import type { ActiveDatanetRow } from './types.ts';

/** Datanets that are registered on chain by their owner and had a row accepted since `since`, the liveliest first. */
export async function listActiveDatanets(db: DatabaseOrTransaction, since: Date): Promise<ActiveDatanetRow[]> {
  const result = await db.execute<{
    slug: string;
    title: string;
    owner: `0x${string}`;
    rows: number;
    last: string;
  }>(sql`
    select d.slug, d.title, d.owner, e.rows, e.last
    from ${datanets} d
    join lateral (select count(*)::int as rows, max(x.reviewed_at) as last from ${examples} x
      where x.datanet_id = d.id and x.status = 'accepted') e on e.last >= ${since.toISOString()}
    where exists (select 1 from ${chainEvents} c where c.contract = 'datanetRegistry' and c.name = 'DatanetCreated'
      and c.subject = d.meta_hash and c.args ->> 'owner' = d.owner)
    order by e.last desc, d.slug limit 200`);
  return result.rows.map((row) => ({
    slug: row.slug,
    title: row.title,
    owner: row.owner,
    rowCount: row.rows,
    lastAcceptedAt: new Date(row.last),
  }));
}

/** A Datanet counts as active for this long after its last accepted row. */
export const activeDays = 30;

export function activeSince(now: Date): Date {
  return new Date(now.getTime() - activeDays * 86_400_000);
}
