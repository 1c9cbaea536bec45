import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { inferences, receipts } from '#db/schema/models.ts';
import { tasks } from '#db/schema/tasks.ts';
import { trainingBills } from '#db/schema/training-bills.ts';

/**
 * Fees of receipts by the channel that they were charged to, wei; receipts without a channel are left out. All kinds count:
 * those of answers, of trainings and of apps' tasks.
 *
 * @param which condition on `receipts`
 * @param ids only these channels; by their index, so that the cost does not grow with others' receipts
 */
export async function sumCharges(
  db: DatabaseOrTransaction,
  which: SQL | undefined,
  ids: readonly Hex[] | null = null,
): Promise<Map<Hex, bigint>> {
  const sum = sql<string>`sum(${receipts.feeWei})`;
  const chosen = (column: typeof inferences.channelId | typeof trainingBills.channelId | typeof tasks.channelId) =>
    and(isNotNull(column), ids ? sql`${column} = any(${sql.param([...ids])})` : undefined, which);
  const answers = await db
    .select({ id: inferences.channelId, sum })
    .from(receipts)
    .innerJoin(inferences, eq(inferences.id, receipts.inferenceId))
    .where(chosen(inferences.channelId))
    .groupBy(inferences.channelId);
  const trainings = await db
    .select({ id: trainingBills.channelId, sum })
    .from(receipts)
    .innerJoin(trainingBills, eq(trainingBills.receiptId, receipts.id))
    .where(chosen(trainingBills.channelId))
    .groupBy(trainingBills.channelId);
  const appsWork = await db
    .select({ id: tasks.channelId, sum })
    .from(receipts)
    .innerJoin(tasks, eq(tasks.receiptId, receipts.id))
    .where(chosen(tasks.channelId))
    .groupBy(tasks.channelId);
  const sums = new Map<Hex, bigint>();
  for (const row of [...answers, ...trainings, ...appsWork])
    sums.set(row.id as Hex, (sums.get(row.id as Hex) ?? 0n) + BigInt(row.sum));
  return sums;
}
