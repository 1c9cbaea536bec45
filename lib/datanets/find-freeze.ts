import { desc, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { type FreezeStatus, versionFreezes } from '#db/schema/version-freezes.ts';

export type FreezeView = { status: FreezeStatus; rowsDone: number; failure: string | null };

/** The newest version-making of a Datanet, under way or ended; null before the first. */
export async function findFreeze(db: DatabaseOrTransaction, datanetId: string): Promise<FreezeView | null> {
  const { status, rowsDone, failure } = versionFreezes;
  const [newest] = await db
    .select({ status, rowsDone, failure })
    .from(versionFreezes)
    .where(eq(versionFreezes.datanetId, datanetId))
    .orderBy(desc(versionFreezes.id))
    .limit(1);
  return newest ?? null;
}
