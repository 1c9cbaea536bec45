import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { rowPerplexities } from '#db/schema/perplexity.ts';
import { measuredQueue } from './list-unmeasured.ts';

/** How far the base model is with the rows that wait longest. */
export type PerplexityState = { waiting: number; read: number; judged: number; marked: number };

/** Cost: at most 2,000 look-ups. Of private rows nothing but numbers. */
export async function findPerplexityState(db: DatabaseOrTransaction, datanetId: string): Promise<PerplexityState> {
  const { rows } = await db.execute<PerplexityState>(sql`
    select count(*)::int as waiting, count(p.example_id)::int as read, count(p.verdict)::int as judged,
      count(*) filter (where p.verdict in ('high', 'low'))::int as marked
    from (
      select e.id, e.data from ${examples} e where e.datanet_id = ${datanetId} and e.status = 'pending'
      order by e.id limit ${measuredQueue}
    ) q left join ${rowPerplexities} p on p.example_id = q.id where q.data <> '{}'::jsonb`);
  return rows[0]!;
}
