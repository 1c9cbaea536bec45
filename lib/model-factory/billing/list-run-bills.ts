import { asc, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { trainingBills } from '#db/schema/training-bills.ts';
import type { RunBill } from '../types.ts';

/** The bills of a run, oldest first; none where training cost nothing when it was started. */
export async function listRunBills(db: DatabaseOrTransaction, runId: string): Promise<RunBill[]> {
  const bills = await db
    .select()
    .from(trainingBills)
    .where(eq(trainingBills.runId, runId))
    .orderBy(asc(trainingBills.createdAt));
  return bills.map(({ id, status, outcome, tokens, freeTokens, createdAt, ...bill }) => ({
    ...{ id, status, outcome, tokens, freeTokens, createdAt: createdAt.toISOString(), receiptId: bill.receiptId },
    ...{ weiPerThousandTokens: bill.weiPerThousandTokens, ceilingWei: bill.ceilingWei, feeWei: bill.feeWei },
  }));
}
