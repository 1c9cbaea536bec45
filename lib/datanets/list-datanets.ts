import { type SQL, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets } from '#db/schema/datanets.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { datanetConditions } from './datanet-facets.ts';
import type { ListDatanetsInput } from './schema.ts';
import { type SummaryRow, summaryColumns, summaryJoins, toSummary } from './summary-columns.ts';
import type { DatanetSort, DatanetSummary, Page } from './types.ts';

/** Sort keys as text of fixed order, so that one keyset rule serves all: the key, then the id. */
const sortKeys: Record<DatanetSort, { key: SQL; descending: boolean }> = {
  newest: { key: sql`id`, descending: true }, // ids begin with their time
  rows: { key: sql`lpad(row_count::text, 20, '0')`, descending: true },
  earned: { key: sql`lpad(earned_wei::text, 78, '0')`, descending: true },
  title: { key: sql`lower(title)`, descending: false },
};

/**
 * A page of Datanets. Cost: the kept counts of every Datanet that matches, one for each of its authors, however many rows there are;
 * depth of paging costs nothing.
 *
 * @throws {InvalidCursorError}
 */
export async function listDatanets(db: DatabaseOrTransaction, input: ListDatanetsInput): Promise<Page<DatanetSummary>> {
  const { key, descending } = sortKeys[input.sort];
  const [afterKey, afterId] = input.after ? decodeCursor(input.after, 2) : [];
  const comparison = sql.raw(descending ? '<' : '>');
  const direction = sql.raw(descending ? 'desc' : 'asc');
  const result = await db.execute<SummaryRow & { sort_key: string }>(sql`
    select * from (
      select *, ${key} collate "C" as sort_key from (
        select ${summaryColumns} from ${datanets} d ${summaryJoins}
        where ${datanetConditions(input)}
      ) counted
    ) keyed
    ${afterId === undefined ? sql`` : sql`where (sort_key, id) ${comparison} (${afterKey}, ${afterId})`}
    order by sort_key ${direction}, id ${direction}
    limit ${input.limit + 1}`);
  const page = result.rows.slice(0, input.limit);
  const last = page.at(-1);
  const more = result.rows.length > input.limit;
  return { items: page.map(toSummary), nextCursor: more && last ? encodeCursor([last.sort_key, last.id]) : null };
}
