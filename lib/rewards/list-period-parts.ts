import { desc, eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { rewardLines } from '#db/schema/settlement.ts';
import type { PeriodPart } from './types.ts';

const amount = sql<string>`sum(${rewardLines.amountWei})`;

/** What a booked period pays for what, largest first; empty before it is booked. Cost: the period's lines. */
export async function listPeriodParts(db: DatabaseOrTransaction, periodId: string): Promise<PeriodPart[]> {
  const byRows = sql<boolean>`${rewardLines.receiptId} is null`;
  const rows = await db
    .select({
      role: rewardLines.role,
      byRows,
      amount,
      accounts: sql<number>`count(distinct ${rewardLines.account})::int`,
    })
    .from(rewardLines)
    .where(eq(rewardLines.periodId, periodId))
    .groupBy(rewardLines.role, byRows)
    .orderBy(desc(amount));
  return rows.map(({ amount: wei, ...row }) => ({ ...row, amountWei: BigInt(wei) }));
}
