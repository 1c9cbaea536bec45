import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelPasses } from '#db/schema/model-passes.ts';
import { inferences, receipts } from '#db/schema/models.ts';
import { tasks } from '#db/schema/tasks.ts';
import { trainingBills } from '#db/schema/training-bills.ts';
import type { ChargedReceipt } from './rules.ts';

const pageSize = 20_000;

/** Receipts, of answers, trainings, passes and apps' tasks, with their charges only, in the order in which they were issued, page by page: there may be a million. */
export async function* listCharges(
  db: DatabaseOrTransaction,
  where: SQL | undefined,
): AsyncGenerator<ChargedReceipt[]> {
  // As text: a Date would lose what lies below a millisecond.
  const issuedAt = sql<string>`${receipts.createdAt}::text`;
  const channelId = sql<
    string | null
  >`coalesce(${inferences.channelId}, ${trainingBills.channelId}, ${modelPasses.channelId}, ${tasks.channelId})`;
  for (let after: SQL | undefined; ; ) {
    const page = await db
      .select({ id: receipts.id, channelId, feeWei: receipts.feeWei, issuedAt })
      .from(receipts)
      .leftJoin(inferences, eq(inferences.id, receipts.inferenceId))
      .leftJoin(trainingBills, eq(trainingBills.receiptId, receipts.id))
      .leftJoin(modelPasses, eq(modelPasses.receiptId, receipts.id))
      .leftJoin(tasks, eq(tasks.receiptId, receipts.id))
      .where(and(where, after))
      .orderBy(asc(receipts.createdAt), asc(receipts.id))
      .limit(pageSize);
    if (page.length > 0) yield page.map((row) => ({ ...row, channelId: row.channelId as Hex | null }));
    if (page.length < pageSize) return;
    const last = page.at(-1)!;
    after = sql`(${receipts.createdAt}, ${receipts.id}) > (${last.issuedAt}::timestamptz, ${last.id})`;
  }
}
