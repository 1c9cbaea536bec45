import { and, eq, isNull } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { goldRows } from '#db/schema/guard.ts';
import type { RowData } from './types.ts';

/**
 * Texts of a Datanet's gold rows. Every check that knows the rows that wait has to know these too, and answer alike. Cost: all of
 * them, some tens.
 */
export async function listGoldTexts(db: DatabaseOrTransaction, datanetId: string): Promise<RowData[]> {
  const rows = await db
    .select({ data: goldRows.data })
    .from(goldRows)
    .where(and(eq(goldRows.datanetId, datanetId), isNull(goldRows.retiredAt)));
  return rows.map(({ data }) => data);
}
