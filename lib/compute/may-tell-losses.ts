import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { computeJobs } from '#db/schema/compute.ts';
import { examples } from '#db/schema/datanets.ts';
import { peopleMin } from './schema.ts';

/**
 * Whether losses over these held-out rows may be told beside all that were told of the Datanet before. What sets of rows have in common,
 * and what only some of them have, divides the rows into parts, and a loss is a mean: whatever is computed out of several of them is a
 * number over whole parts. So each part must be of at least ten people; the same rows again make no new part. Cost: the rows of all sets.
 */
export async function mayTellLosses(
  db: DatabaseOrTransaction,
  { datanetId, heldOut }: { datanetId: string; heldOut: readonly string[] },
): Promise<boolean> {
  if (heldOut.length === 0) return false;
  const { rows } = await db.execute<{ people: number }>(sql`
    with sets as (
      select row_number() over () as n, ids from (
        select held_out as ids from ${computeJobs} where datanet_id = ${datanetId} and held_out is not null
        union select ${JSON.stringify(heldOut)}::jsonb) told
    ), parts as (
      select id, array_agg(n order by n) as sets from sets cross join jsonb_array_elements_text(ids) id group by id
    )
    select count(distinct e.contributor)::int as people
    from parts p join ${examples} e on e.id = p.id group by p.sets order by 1 limit 1`);
  return (rows[0]?.people ?? 0) >= peopleMin;
}
