import { desc, eq, type SQLWrapper, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { receiptChallenges } from '#db/schema/challenges.ts';
import { receipts } from '#db/schema/models.ts';
import type { ChallengeView } from './types.ts';

type Row = typeof receiptChallenges.$inferSelect;

/** Challenges of a receipt, newest first. */
export async function listChallenges(db: DatabaseOrTransaction, receiptId: string): Promise<ChallengeView[]> {
  const rows = await db
    .select()
    .from(receiptChallenges)
    .where(eq(receiptChallenges.receiptId, receiptId))
    .orderBy(desc(receiptChallenges.createdAt), desc(receiptChallenges.id));
  return rows.map(toChallengeView);
}

/** Condition on a receipt: no challenge of it is undecided, and none was upheld. Only such receipts are paid. */
export function isUnchallenged(receiptId: SQLWrapper) {
  return sql<boolean>`not exists (select 1 from ${receiptChallenges} ch where ch.receipt_id = ${receiptId}
    and ch.status in ('queued', 'upheld'))`;
}

/** Receipts of a reward period that a challenge holds back. */
export async function listHeldReceipts(
  db: DatabaseOrTransaction,
  periodId: string,
): Promise<{ receiptId: string; status: 'queued' | 'upheld' }[]> {
  const rows = await db
    .selectDistinct({ receiptId: receiptChallenges.receiptId, status: receiptChallenges.status })
    .from(receiptChallenges)
    .innerJoin(receipts, eq(receipts.id, receiptChallenges.receiptId))
    .where(sql`${receipts.rewardPeriodId} = ${periodId} and ${receiptChallenges.status} in ('queued', 'upheld')`);
  return rows as { receiptId: string; status: 'queued' | 'upheld' }[];
}

export function toChallengeView(row: Row): ChallengeView {
  const { id, receiptId, challenger, status, step, detail, steps, createdAt, decidedAt } = row;
  return {
    ...{ id, receiptId, status, step, detail, createdAt, decidedAt },
    challenger: challenger as `0x${string}`,
    steps: steps ?? [],
  };
}
