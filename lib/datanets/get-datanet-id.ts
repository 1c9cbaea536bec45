import { eq, or } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets } from '#db/schema/datanets.ts';
import { DatanetNotFoundError } from './errors.ts';

/** For who asks about its rows and not about its terms. One index look-up. @throws {DatanetNotFoundError} */
export async function getDatanetId(db: DatabaseOrTransaction, idOrSlug: string): Promise<string> {
  const [row] = await db
    .select({ id: datanets.id })
    .from(datanets)
    .where(or(eq(datanets.id, idOrSlug), eq(datanets.slug, idOrSlug)));
  if (!row) throw new DatanetNotFoundError(idOrSlug);
  return row.id;
}
