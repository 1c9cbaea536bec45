import { and, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';

/** Whether a Datanet has a row of that id, in whatever state. */
export async function hasExample(db: DatabaseOrTransaction, datanetId: string, exampleId: string): Promise<boolean> {
  const isIt = and(eq(examples.id, exampleId), eq(examples.datanetId, datanetId));
  const [row] = await db.select({ id: examples.id }).from(examples).where(isIt);
  return row !== undefined;
}
