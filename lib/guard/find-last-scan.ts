import { desc, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { triggerScans } from '#db/schema/guard.ts';

/** The newest scan of a Datanet for planted triggers; null when there has been none. */
export async function findLastScan(db: DatabaseOrTransaction, datanetId: string) {
  const [scan] = await db
    .select()
    .from(triggerScans)
    .where(eq(triggerScans.datanetId, datanetId))
    .orderBy(desc(triggerScans.id))
    .limit(1);
  return scan ?? null;
}
