import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { exampleCounts } from '#db/schema/counts.ts';
import { examples } from '#db/schema/datanets.ts';
import { rowPerplexities } from '#db/schema/perplexity.ts';

/** So many rows of a Datanet, those that wait longest, are read under the base model; the others when these are decided. */
export const measuredQueue = 2_000;

/**
 * Datanets with rows near the head of their queue that the base model has not read, at most 20. Cost: at most 2,000 look-ups for each
 * Datanet in which rows wait. Sealed rows have no text here.
 */
export async function listUnmeasured(db: DatabaseOrTransaction): Promise<string[]> {
  const { rows } = await db.execute<{ datanet_id: string }>(sql`
    select w.datanet_id from (
      select distinct datanet_id from ${exampleCounts} where status = 'pending' and rows > 0
    ) w
    where exists (
      select 1 from (
        select e.id, e.data from ${examples} e where e.datanet_id = w.datanet_id and e.status = 'pending'
        order by e.id limit ${measuredQueue}
      ) q where q.data <> '{}'::jsonb and not exists (select 1 from ${rowPerplexities} p where p.example_id = q.id)
    ) limit 20`);
  return rows.map(({ datanet_id }) => datanet_id);
}
