import { and, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { reviewRoundRows, reviewRounds } from '#db/schema/guard.ts';

/** Rows among these that stand in a round that is not settled. */
export async function findRowsInRounds(db: DatabaseOrTransaction, exampleIds: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .select({ id: reviewRoundRows.exampleId })
    .from(reviewRoundRows)
    .innerJoin(reviewRounds, eq(reviewRounds.id, reviewRoundRows.roundId))
    .where(
      and(
        inArray(reviewRoundRows.exampleId, [...exampleIds]),
        isNotNull(reviewRoundRows.exampleId),
        isNull(reviewRounds.settledAt),
      ),
    );
  return new Set(rows.map(({ id }) => id!));
}
