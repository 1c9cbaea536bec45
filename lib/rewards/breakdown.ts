import { desc, eq, lt, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, examples } from '#db/schema/datanets.ts';
import { attributionParts, attributionShares, models, receipts } from '#db/schema/models.ts';
import { rewardLines, rewardPeriods } from '#db/schema/settlement.ts';
import type { ModelEarning, PeriodEarning, RowEarning, StatementRow } from './types.ts';

const sumOfLines = sql<string>`sum(${rewardLines.amountWei})`;

/** What an account earned, by model, most first; `receipts` counts answers that paid it by name or role. */
export async function listEarningsByModel(
  db: DatabaseOrTransaction,
  account: string,
  limit = 50,
): Promise<ModelEarning[]> {
  const rows = await db
    .select({
      ...{ modelId: models.id, slug: models.slug, name: models.name, wei: sumOfLines },
      receipts: sql<number>`count(distinct ${rewardLines.receiptId})::int`,
    })
    .from(rewardLines)
    .innerJoin(models, eq(models.id, rewardLines.modelId))
    .where(eq(rewardLines.account, account.toLowerCase()))
    .groupBy(models.id)
    .orderBy(desc(sumOfLines))
    .limit(limit);
  return rows.map(({ wei, ...row }) => ({ ...row, amountWei: BigInt(wei) }));
}

/**
 * What rows earned an account in answers that they had influence on, in whichever role it has in them, most first. A receipt
 * pays accounts, not rows: a row's part here is its ppm of the account's ppm, rounded down, so the sum may lie a few wei below
 * the lines. What answers without a source paid is no row's.
 */
export async function listEarningsByRow(db: DatabaseOrTransaction, account: string, limit = 50): Promise<RowEarning[]> {
  const part = sql`trunc(${rewardLines.amountWei} * ${attributionParts.sharePpm} / ${attributionShares.sharePpm})`;
  const sum = sql<string>`sum(${part})`;
  const rows = await db
    .select({
      ...{
        exampleId: attributionParts.exampleId,
        datanetId: datanets.id,
        datanetSlug: datanets.slug,
        datanetTitle: datanets.title,
        wei: sum,
      },
      answers: sql<number>`count(distinct ${attributionParts.inferenceId})::int`,
    })
    .from(rewardLines)
    .innerJoin(receipts, eq(receipts.id, rewardLines.receiptId))
    .innerJoin(
      attributionShares,
      sql`${attributionShares.inferenceId} = ${receipts.inferenceId} and ${attributionShares.contributor} = ${rewardLines.account}`,
    )
    .innerJoin(
      attributionParts,
      sql`${attributionParts.inferenceId} = ${receipts.inferenceId} and ${attributionParts.account} = ${rewardLines.account}`,
    )
    .innerJoin(examples, eq(examples.id, attributionParts.exampleId))
    .innerJoin(datanets, eq(datanets.id, examples.datanetId))
    .where(sql`${rewardLines.account} = ${account.toLowerCase()} and ${rewardLines.role} in ('data', 'common')`)
    .groupBy(attributionParts.exampleId, datanets.id)
    .orderBy(desc(sum))
    .limit(limit);
  return rows.map(({ wei, ...row }) => ({ ...row, amountWei: BigInt(wei) }));
}

/** What an account earned in each period, newest first. */
export async function listEarningsByPeriod(
  db: DatabaseOrTransaction,
  account: string,
  limit = 100,
): Promise<PeriodEarning[]> {
  const rows = await db
    .select({ periodId: rewardPeriods.id, number: rewardPeriods.number, wei: sumOfLines })
    .from(rewardLines)
    .innerJoin(rewardPeriods, eq(rewardPeriods.id, rewardLines.periodId))
    .where(eq(rewardLines.account, account.toLowerCase()))
    .groupBy(rewardPeriods.id)
    .orderBy(desc(rewardPeriods.number))
    .limit(limit);
  return rows.map(({ wei, ...row }) => ({ ...row, amountWei: BigInt(wei) }));
}

/**
 * The account's statement, newest line first: one row a receipt and role, and one a common pool. A training has no model. `before` is the last id of
 * the page before.
 */
export async function listStatement(
  db: DatabaseOrTransaction,
  account: string,
  { before, limit = 100 }: { before?: string; limit?: number } = {},
): Promise<StatementRow[]> {
  const older = before ? lt(rewardLines.id, BigInt(before)) : sql`true`;
  const rows = await db
    .select({
      ...{
        id: rewardLines.id,
        receiptId: rewardLines.receiptId,
        role: rewardLines.role,
        amountWei: rewardLines.amountWei,
      },
      ...{
        answeredAt: receipts.createdAt,
        closedAt: rewardPeriods.closedAt,
        periodNumber: rewardPeriods.number,
        modelSlug: models.slug,
      },
    })
    .from(rewardLines)
    .innerJoin(rewardPeriods, eq(rewardPeriods.id, rewardLines.periodId))
    .leftJoin(models, eq(models.id, rewardLines.modelId))
    .leftJoin(receipts, eq(receipts.id, rewardLines.receiptId))
    .where(sql`${rewardLines.account} = ${account.toLowerCase()} and ${older}`)
    .orderBy(desc(rewardLines.id))
    .limit(limit);
  return rows.map(({ answeredAt, closedAt, ...row }) => ({
    ...row,
    id: row.id.toString(),
    at: answeredAt ?? closedAt,
  }));
}
