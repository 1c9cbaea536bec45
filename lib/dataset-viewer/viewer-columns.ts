import { type SQL, sql } from 'drizzle-orm';
import type { DatanetField } from '#lib/datanets/types.ts';

/** A column of a version as exports and the viewer's API have it, in this order everywhere. */
export type ViewerColumn = {
  name: string;
  type: 'string' | 'timestamp';
  /** Its value for an example `e`; null where the author has withdrawn the row. */
  value: SQL;
};

/** A Datanet's own fields first, then what every row has. */
export function viewerColumns(fields: readonly DatanetField[]): ViewerColumn[] {
  return [
    ...fields.map(({ name }) => ({ name, type: 'string' as const, value: fieldOf(name) })),
    { name: 'row_id', type: 'string', value: sql`e.id` },
    { name: 'contributor', type: 'string', value: sql`e.contributor` },
    { name: 'content_hash', type: 'string', value: sql`e.content_hash` },
    { name: 'contributed_at', type: 'timestamp', value: sql`date_trunc('second', e.created_at)` },
  ];
}

/** As in DuckDB's and the Hub's dialect: `"prompt"` names a column. */
export const findColumn = (columns: readonly ViewerColumn[], name: string): ViewerColumn | undefined =>
  columns.find((column) => column.name === name);

const fieldOf = (name: string): SQL => sql`case when e.status <> 'withdrawn' then e.data ->> ${name}::text end`;
