import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import type { RowData } from './types.ts';

/** A text that a row had before it was improved, under the id of the row that it was. */
export type FormerText = { id: string; data: RowData };

/**
 * What rows were before: the texts that they replaced, oldest first, by row id; rows that replaced nothing are left out, and so
 * is what its author has withdrawn. Cost: a few index look-ups for each row and ancestor.
 */
export async function findFormerTexts(
  db: DatabaseOrTransaction,
  exampleIds: readonly string[],
): Promise<Map<string, FormerText[]>> {
  if (exampleIds.length === 0) return new Map();
  const result = await db.execute<{ row_id: string; id: string; data: RowData }>(sql`
    with recursive line as (
      select d.example_id as row_id, d.parent_id, 1 as depth from ${exampleDerivations} d
      where d.example_id = any(${sql.param([...exampleIds])}::text[]) and d.role <> 'translate'
      union all
      select l.row_id, d.parent_id, l.depth + 1
      from line l join ${exampleDerivations} d on d.example_id = l.parent_id and d.role <> 'translate'
    )
    select l.row_id, e.id, e.data from line l join ${examples} e on e.id = l.parent_id
    where e.status = 'superseded' order by l.row_id, l.depth desc`);
  const texts = new Map<string, FormerText[]>();
  for (const { row_id: rowId, id, data } of result.rows) texts.set(rowId, [...(texts.get(rowId) ?? []), { id, data }]);
  return texts;
}
