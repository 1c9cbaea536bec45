import { type SQL, sql } from 'drizzle-orm';
import { datanetAccess } from '#db/schema/access.ts';

/** Whether everybody may read the rows of a Datanet, as a condition: for lists that nobody in particular reads. */
export function isPublic(datanetId: SQL): SQL {
  return sql`not exists (select 1 from ${datanetAccess} closed where closed.datanet_id = ${datanetId})`;
}

/** The driver has parsed the column already. */
type RowText = Record<string, string> | null;

/** The text of an example `e` where everybody may read it, else null: a withdrawn row's and a private one's are nobody's. */
export function publicText(e: SQL): SQL<RowText> {
  return sql<RowText>`case when ${e}.status <> 'withdrawn' and ${isPublic(sql`${e}.datanet_id`)} then ${e}.data end`;
}
