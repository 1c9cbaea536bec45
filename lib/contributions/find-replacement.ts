import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';

/**
 * The row that stands in the place of a superseded one now, or null: its improvement, or the improvement of that. A row has at
 * most one, because accepting an improvement needs the row itself to stand. A few index look-ups a generation.
 */
export async function findReplacement(db: DatabaseOrTransaction, exampleId: string): Promise<string | null> {
  const result = await db.execute<{ id: string }>(sql`
    with recursive line as (
      select d.example_id as id from ${exampleDerivations} d where d.parent_id = ${exampleId} and d.role <> 'translate'
      union all
      select d.example_id from line l join ${exampleDerivations} d on d.parent_id = l.id and d.role <> 'translate'
    )
    select e.id from line l join ${examples} e on e.id = l.id where e.status = 'accepted'`);
  return result.rows[0]?.id ?? null;
}
