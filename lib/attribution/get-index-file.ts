import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { adapters } from '#db/schema/models.ts';
import { IndexNotFoundError } from './errors.ts';

/** Name of the attribution index among an adapter's files. */
export const indexFileName = 'attribution.index';

/** Where an adapter's attribution index is, and its hash. Throws IndexNotFoundError. */
export async function getIndexFile(
  db: DatabaseOrTransaction,
  adapterId: string,
): Promise<{ key: string; hash: string }> {
  const [row] = await db.select().from(adapters).where(eq(adapters.id, adapterId));
  if (!row) throw new IndexNotFoundError();
  return { key: `${row.objectPrefix}/${indexFileName}`, hash: row.indexSha256 };
}
