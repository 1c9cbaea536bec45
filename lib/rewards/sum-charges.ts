import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelPasses } from '#db/schema/model-passes.ts';
import { inferences, receipts } from '#db/schema/models.ts';
import { tasks } from '#db/schema/tasks.ts';
import { trainingBills } from '#db/schema/training-bills.ts';

/** What is charged, and which receipt is for it. */
const charged = [
  { table: inferences, channelId: inferences.channelId, ofReceipt: eq(inferences.id, receipts.inferenceId) },
  { table: trainingBills, channelId: trainingBills.channelId, ofReceipt: eq(trainingBills.receiptId, receipts.id) },
  { table: modelPasses, channelId: modelPasses.channelId, ofReceipt: eq(modelPasses.receiptId, receipts.id) },
  { table: tasks, channelId: tasks.channelId, ofReceipt: eq(tasks.receiptId, receipts.id) },
];

/**
 * Fees of receipts by the channel that they were charged to, wei; receipts without a channel are left out. All kinds count:
 * those of answers, of trainings, of access passes and of apps' tasks.
 *
 * @param which condition on `receipts`
 * @param ids only these channels; by their index, so that the cost does not grow with others' receipts
 */
export async function sumCharges(
  db: DatabaseOrTransaction,
  which: SQL | undefined,
  ids: readonly Hex[] | null = null,
): Promise<Map<Hex, bigint>> {
  const sums = new Map<Hex, bigint>();
  for (const { table, channelId, ofReceipt } of charged) {
    const chosen = ids ? sql`${channelId} = any(${sql.param([...ids])})` : undefined;
    const rows = await db
      .select({ id: channelId, sum: sql<string>`sum(${receipts.feeWei})` })
      .from(receipts)
      .innerJoin(table, ofReceipt)
      .where(and(isNotNull(channelId), chosen, which))
      .groupBy(channelId);
    for (const { id, sum } of rows) sums.set(id as Hex, (sums.get(id as Hex) ?? 0n) + BigInt(sum));
  }
  return sums;
}
