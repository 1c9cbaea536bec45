import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import { z } from 'zod';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { inferences, models, receipts } from '#db/schema/models.ts';
import { rewardLeaves } from '#db/schema/settlement.ts';
import { poolShares } from '#lib/kernel/pool-shares.ts';
import { lineageRoles } from '#lib/kernel/role-shares.ts';
import type { PeriodData } from './period-data.ts';
import type { ChargedReceipt } from './rules.ts';

const roleShare = z.object({
  role: z.enum(lineageRoles),
  account: z.templateLiteral(['0x', z.string()]),
  sharePpm: z.number().int(),
});

/** The part of a signed receipt that decides about money; before version 2 everything was paid by name, to contributors. */
const receiptTerms = z.object({
  split: z.object({
    data: z.number().int(),
    model: z.number().int(),
    app: z.number().int(),
    infra: z.number().int(),
    validators: z.number().int(),
  }),
  shares: z.array(
    z.union([
      z.object({ account: z.string(), sharePpm: z.number().int() }),
      z
        .object({ contributor: z.string(), sharePpm: z.number().int() })
        .transform(({ contributor, sharePpm }) => ({ account: contributor, sharePpm })),
    ]),
  ),
  commonPpm: z.number().int().nullable(),
  explainedPpm: z.number().int().nullable(),
  influence: z.array(z.object({ roles: z.array(roleShare) })).nullable(),
});

/** Receipts of a period in the order of their ids, with the terms that their signed bodies name. */
export async function loadReceipts(db: DatabaseOrTransaction, periodId: string): Promise<PeriodData['receipts']> {
  // Not the whole body: it holds every credited row, and a period may have 20,000 receipts.
  const attribution = sql`${receipts.body} -> 'attribution'`;
  const rows = await db
    .select({
      id: receipts.id,
      modelId: receipts.modelId,
      hash: receipts.hash,
      feeWei: receipts.feeWei,
      split: sql<unknown>`${receipts.body} -> 'split'`,
      shares: sql<unknown>`${attribution} -> 'shares'`,
      commonPpm: sql<unknown>`${attribution} -> 'commonPpm'`,
      explainedPpm: sql<unknown>`${attribution} -> 'explainedPpm'`,
      // Its shares are those of influence alone unless the answer also pays rows that it read.
      influence: sql<unknown>`case when (${attribution} -> 'retrieval' ->> 'sharePpm')::int > 0
        then ${attribution} -> 'rows' end`,
      channelId: inferences.channelId,
      versionId: models.versionId,
      modelOwner: models.owner,
    })
    .from(receipts)
    .innerJoin(inferences, eq(inferences.id, receipts.inferenceId))
    .innerJoin(models, eq(models.id, receipts.modelId))
    .where(eq(receipts.rewardPeriodId, periodId))
    .orderBy(asc(receipts.id));
  return rows.map(({ feeWei, ...row }) => {
    const { split, shares, commonPpm, explainedPpm, influence } = receiptTerms.parse(row);
    return {
      id: row.id,
      modelId: row.modelId,
      hash: row.hash as Hex,
      feeWei: feeWei.toString(),
      channelId: row.channelId as Hex | null,
      versionId: row.versionId,
      modelOwner: row.modelOwner as Address,
      split,
      shares: shares.map((share): [Address, number] => [share.account.toLowerCase() as Address, share.sharePpm]),
      commonPpm: commonPpm ?? 0,
      poolBy: poolBy({ commonPpm, explainedPpm, influence }),
    };
  });
}

function poolBy(terms: Pick<z.infer<typeof receiptTerms>, 'commonPpm' | 'explainedPpm' | 'influence'>) {
  if (!terms.commonPpm) return 'shares';
  if (!terms.explainedPpm) return 'rows';
  if (!terms.influence) return 'shares';
  return poolShares({ explainedPpm: terms.explainedPpm, rows: terms.influence }) ?? 'rows';
}

/** Receipts of a period with their charges only, in the order in which they were issued. */
export async function loadCharges(db: DatabaseOrTransaction, periodId: string): Promise<ChargedReceipt[]> {
  const rows = await db
    .select({ id: receipts.id, channelId: inferences.channelId, feeWei: receipts.feeWei })
    .from(receipts)
    .innerJoin(inferences, eq(inferences.id, receipts.inferenceId))
    .where(eq(receipts.rewardPeriodId, periodId))
    .orderBy(asc(receipts.createdAt), asc(receipts.id));
  return rows.map((row) => ({ ...row, channelId: row.channelId as Hex | null }));
}

/**
 * Curators of Datanet versions by rows accepted. Rows without a named curator (loaded samples) and versions without rows
 * count for the Datanet's owner, so that the validators' part always has a payee.
 */
export async function loadValidators(
  db: DatabaseOrTransaction,
  versionIds: readonly string[],
): Promise<PeriodData['validators']> {
  const curator = sql<string>`coalesce(${examples.reviewedBy}, ${datanets.owner})`;
  const rows = await db
    .select({ versionId: datanetVersions.id, account: curator, rows: sql<string>`count(*)` })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .leftJoin(versionExamples, eq(versionExamples.versionId, datanetVersions.id))
    .leftJoin(examples, eq(examples.id, versionExamples.exampleId))
    .where(inArray(datanetVersions.id, [...versionIds]))
    .groupBy(datanetVersions.id, curator)
    .orderBy(datanetVersions.id, curator);
  const validators: PeriodData['validators'] = {};
  for (const row of rows) {
    validators[row.versionId] ??= [];
    validators[row.versionId]!.push([row.account as Address, Number(row.rows)]);
  }
  return validators;
}

/** Leaves of a period in the order of their accounts; empty for none. */
export async function loadLeaves(
  db: DatabaseOrTransaction,
  periodId: string | null,
): Promise<{ account: Address; cumulativeWei: bigint }[]> {
  if (periodId === null) return [];
  const rows = await db
    .select({ account: rewardLeaves.account, cumulativeWei: rewardLeaves.cumulativeWei })
    .from(rewardLeaves)
    .where(eq(rewardLeaves.periodId, periodId));
  return rows
    .map((row) => ({ account: row.account as Address, cumulativeWei: row.cumulativeWei }))
    .sort((a, b) => (a.account < b.account ? -1 : 1));
}

/** Channels that a period's paid receipts were charged to, sorted. */
export async function loadChannelIds(db: DatabaseOrTransaction, periodId: string): Promise<Hex[]> {
  const rows = await db
    .selectDistinct({ id: inferences.channelId })
    .from(receipts)
    .innerJoin(inferences, eq(inferences.id, receipts.inferenceId))
    .where(
      and(eq(receipts.rewardPeriodId, periodId), sql`${inferences.channelId} is not null and ${receipts.feeWei} > 0`),
    );
  return rows.map((row) => row.id as Hex).sort();
}
