import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Address, Hex } from 'viem';
import { z } from 'zod';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { mixes, mixParts } from '#db/schema/mixes.ts';
import { inferences, models, receipts } from '#db/schema/models.ts';
import { rewardLeaves } from '#db/schema/settlement.ts';
import { poolShares } from '#lib/kernel/pool-shares.ts';
import { lineageRoles } from '#lib/kernel/role-shares.ts';
import { inPages } from './in-pages.ts';
import type { PeriodTerms, ReceiptEntry } from './period-schema.ts';
import { sumCharges } from './sum-charges.ts';

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

/**
 * Answers' receipts of a period in the order of their ids, with the terms that their signed bodies name, page by page: a period
 * may have a million, and between two pages others get their turn.
 */
export function listReceiptPages(db: DatabaseOrTransaction, periodId: string): AsyncGenerator<ReceiptEntry[]> {
  return inPages((last, limit) => loadReceiptsAfter(db, periodId, last, limit));
}

async function loadReceiptsAfter(
  db: DatabaseOrTransaction,
  periodId: string,
  last: string,
  limit: number,
): Promise<ReceiptEntry[]> {
  // Not the whole body: it holds every credited row.
  const attribution = sql`${receipts.body} -> 'attribution'`;
  const rows = await db
    .select({
      id: receipts.id,
      modelId: models.id,
      hash: receipts.hash,
      feeWei: receipts.feeWei,
      split: sql<unknown>`${receipts.body} -> 'split'`,
      shares: sql<unknown>`${attribution} -> 'shares'`,
      commonPpm: sql<unknown>`${attribution} -> 'commonPpm'`,
      explainedPpm: sql<unknown>`${attribution} -> 'explainedPpm'`,
      // Its shares are those of influence alone unless the answer also pays rows that it read.
      influence: sql<unknown>`case when ${readPpm} > 0 then ${attribution} -> 'rows' end`,
      channelId: inferences.channelId,
      versionId: models.versionId,
      modelOwner: models.owner,
      app: sql<string | null>`${receipts.body} -> 'task' ->> 'app'`,
    })
    .from(receipts)
    .innerJoin(inferences, eq(inferences.id, receipts.inferenceId))
    .innerJoin(models, eq(models.id, receipts.modelId))
    .where(and(eq(receipts.rewardPeriodId, periodId), gt(receipts.id, last)))
    .orderBy(asc(receipts.id))
    .limit(limit);
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
      ...(row.app && { app: row.app as Address }),
    };
  });
}

/** ppm that an answer pays to rows that it read. */
const readPpm = sql`coalesce((${receipts.body} -> 'attribution' -> 'retrieval' ->> 'sharePpm')::int, 0)`;

/** Models with receipts of answers or passes in the period, with the versions that they were trained on. */
export async function listPeriodModels(
  db: DatabaseOrTransaction,
  periodId: string,
): Promise<{ id: string; versionId: string; versionHash: Hex; mayPool: boolean }[]> {
  const explainedPpm = sql`coalesce((${receipts.body} -> 'attribution' ->> 'explainedPpm')::int, 0)`;
  const commonPpm = sql`coalesce((${receipts.body} -> 'attribution' ->> 'commonPpm')::int, 0)`;
  const rows = await db
    .select({
      id: models.id,
      versionId: models.versionId,
      versionHash: models.versionHash,
      // Wider than `poolBy`, which also looks at the rows of answers that read.
      mayPool: sql<boolean>`bool_or(${receipts.inferenceId} is null or ${commonPpm} > 0 and (${explainedPpm} = 0 or ${readPpm} > 0))`,
    })
    .from(receipts)
    .innerJoin(models, eq(models.id, receipts.modelId))
    .where(eq(receipts.rewardPeriodId, periodId))
    .groupBy(models.id)
    .orderBy(asc(models.id));
  return rows.map((row) => ({ ...row, versionHash: row.versionHash as Hex }));
}

function poolBy(terms: Pick<z.infer<typeof receiptTerms>, 'commonPpm' | 'explainedPpm' | 'influence'>) {
  if (!terms.commonPpm) return 'shares';
  if (!terms.explainedPpm) return 'rows';
  if (!terms.influence) return 'shares';
  return poolShares({ explainedPpm: terms.explainedPpm, rows: terms.influence }) ?? 'rows';
}

/**
 * Curators of Datanet versions by rows accepted. Rows without a named curator (loaded samples) count for the owner of their own Datanet,
 * versions without rows for the owner of theirs, so that the validators' part always has a payee. In a mix a row counts as often as a
 * pass reads it, in tenths.
 */
export async function loadValidators(
  db: DatabaseOrTransaction,
  versionIds: readonly string[],
): Promise<PeriodTerms['validators']> {
  const own = alias(datanets, 'own');
  const curator = sql<string>`coalesce(${examples.reviewedBy}, ${own.owner}, ${datanets.owner})`;
  const part = sql`(select p.tenths from ${mixParts} p join ${datanetVersions} v on v.id = p.version_id
    where p.mix_id = ${mixes.versionId} and v.datanet_id = ${own.id})`;
  const weight = sql<string>`sum(case when ${mixes.versionId} is null then 1 else ${part} end)`;
  const rows = await db
    .select({ versionId: datanetVersions.id, account: curator, rows: weight })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .leftJoin(versionExamples, eq(versionExamples.versionId, datanetVersions.id))
    .leftJoin(examples, eq(examples.id, versionExamples.exampleId))
    .leftJoin(own, eq(own.id, examples.datanetId))
    .leftJoin(mixes, eq(mixes.versionId, datanetVersions.id))
    .where(inArray(datanetVersions.id, [...versionIds]))
    .groupBy(datanetVersions.id, curator)
    .orderBy(datanetVersions.id, curator);
  const validators: PeriodTerms['validators'] = {};
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
  const charges = await sumCharges(db, and(eq(receipts.rewardPeriodId, periodId), sql`${receipts.feeWei} > 0`));
  return [...charges.keys()].sort();
}
