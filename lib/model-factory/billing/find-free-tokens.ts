import { and, eq, gte, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { trainingBills } from '#db/schema/training-bills.ts';
import type { Deps } from '#lib/platform/deps.ts';

const dayMs = 86_400_000;

/** Tokens that an account may still train on today (UTC) for nothing: what its bills of the day hold or used is taken off. */
export async function findFreeTokens(
  deps: { db: DatabaseOrTransaction; env: Pick<Deps['env'], 'FREE_TRAINING_TOKENS_PER_DAY'>; now(): Date },
  payer: string,
): Promise<number> {
  const midnight = new Date(Math.floor(deps.now().getTime() / dayMs) * dayMs);
  const [row] = await deps.db
    .select({ used: sql<string>`coalesce(sum(${trainingBills.freeTokens}), 0)` })
    .from(trainingBills)
    .where(and(eq(trainingBills.payer, payer), gte(trainingBills.createdAt, midnight)));
  return Math.max(0, deps.env.FREE_TRAINING_TOKENS_PER_DAY - Number(row?.used ?? 0));
}
