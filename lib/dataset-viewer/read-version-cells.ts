import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples, versionExamples } from '#db/schema/datanets.ts';
import type { ViewerColumn } from './viewer-columns.ts';

/** Rows that are in memory at a time: some 10 MB. */
const groupRows = 10_000;

/**
 * The cells of a version's rows `from` to `to` (excluded), in the version's order and that of `columns`, 10,000 rows at a time. Times are
 * PostgreSQL's text with the zone. Cost of a group: one range of an index, wherever it lies.
 */
export async function* readVersionCells(
  db: DatabaseOrTransaction,
  place: { versionId: string; columns: readonly ViewerColumn[]; from: number; to: number },
): AsyncGenerator<(string | null)[][]> {
  const cells = sql.join(
    place.columns.map(({ value }) => value),
    sql`, `,
  );
  for (let start = place.from; start < place.to; start += groupRows) {
    const { rows } = await db.execute<{ cells: (string | null)[] }>(sql`
      select json_build_array(${cells}) as cells
      from ${versionExamples} x join ${examples} e on e.id = x.example_id
      where x.version_id = ${place.versionId} and x.leaf_index >= ${start}
        and x.leaf_index < ${Math.min(start + groupRows, place.to)}
      order by x.leaf_index`);
    yield rows.map((row) => row.cells);
  }
}
