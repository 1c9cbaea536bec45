import { and, eq, isNull } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { rowChecks } from '#db/schema/guard.ts';

/** How many of a Datanet's rows no scan for triggers has looked at yet. */
export function countUnscanned(db: DatabaseOrTransaction, datanetId: string): Promise<number> {
  return db.$count(rowChecks, and(eq(rowChecks.datanetId, datanetId), isNull(rowChecks.scannedAt)));
}
