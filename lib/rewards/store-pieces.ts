import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { rewardLeaves, rewardLines } from '#db/schema/settlement.ts';
import type { RewardLeaf, RewardLine } from './types.ts';

/** Lines of a period as one statement with an array a column: a parameter a value would be eight times slower. */
export async function storeLines(
  tx: DatabaseOrTransaction,
  periodId: string,
  lines: readonly RewardLine[],
): Promise<void> {
  if (lines.length === 0) return;
  await tx.execute(sql`
    insert into ${rewardLines} (period_id, model_id, receipt_id, account, role, amount_wei)
    select ${periodId}, nullif(line.model_id, ''), line.receipt_id, line.account, line.role, line.amount_wei from unnest(
      ${sql.param(lines.map(({ modelId }) => modelId))}::text[], ${sql.param(lines.map(({ receiptId }) => receiptId))}::text[],
      ${sql.param(lines.map(({ account }) => account))}::text[], ${sql.param(lines.map(({ role }) => role))}::text[],
      ${sql.param(lines.map(({ amountWei }) => amountWei.toString()))}::numeric[])
      as line (model_id, receipt_id, account, role, amount_wei)`);
}

/** Leaves of a period, likewise. */
export async function storeLeaves(
  tx: DatabaseOrTransaction,
  periodId: string,
  leaves: readonly RewardLeaf[],
): Promise<void> {
  if (leaves.length === 0) return;
  await tx.execute(sql`
    insert into ${rewardLeaves} (period_id, account, cumulative_wei)
    select ${periodId}, leaf.* from unnest(${sql.param(leaves.map(({ account }) => account))}::text[],
      ${sql.param(leaves.map(({ cumulativeWei }) => cumulativeWei.toString()))}::numeric[]) as leaf`);
}
