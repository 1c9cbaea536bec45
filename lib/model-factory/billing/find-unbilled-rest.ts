import { desc, eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { trainingEvents } from '#db/schema/models.ts';
import { trainingBills } from '#db/schema/training-bills.ts';

/**
 * What a stopped or failed run still costs when it goes on: its tokens, by the trainer's own count once it has begun, less those that
 * were billed. Null for a run that was started when training cost nothing; it ends as it began.
 */
export async function findUnbilledRest(
  db: DatabaseOrTransaction,
  runId: string,
): Promise<{ tokens: number; apiKeyId: string | null } | null> {
  const bills = await db
    .select()
    .from(trainingBills)
    .where(eq(trainingBills.runId, runId))
    .orderBy(desc(trainingBills.createdAt));
  if (bills.length === 0) return null;
  const [said] = await db
    .select({ tokens: sql<number | null>`max((data ->> 'trainTokens')::float8) filter (where type = 'started')` })
    .from(trainingEvents)
    .where(eq(trainingEvents.runId, runId));
  const expected = said?.tokens ?? bills.at(-1)!.expectedTokens; // of its first bill, which was for all of it
  const billed = bills.reduce((sum, bill) => sum + bill.tokens, 0);
  return { tokens: Math.max(0, Math.ceil(expected) - billed), apiKeyId: bills[0]!.apiKeyId };
}
