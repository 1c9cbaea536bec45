import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';

/** The id of the Datanet that a row belongs to, in whatever state it is; null when there is no such row. */
export async function findDatanetOf(db: DatabaseOrTransaction, exampleId: string): Promise<string | null> {
  const [row] = await db.select({ datanetId: examples.datanetId }).from(examples).where(eq(examples.id, exampleId));
  return row?.datanetId ?? null;
}
