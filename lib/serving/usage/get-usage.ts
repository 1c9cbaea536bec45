import { desc, eq, sql } from 'drizzle-orm';
import { apiKeys } from '#db/schema/auth.ts';
import { inferences, models } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import type { UsageDay, UsageLine, UsageSummary, UsageTotals } from '../types.ts';
import { completionTokens, ownAnswers, promptTokens } from './own-answers.ts';

const totals = {
  answers: sql<number>`count(*)::int`,
  promptTokens: sql<number>`coalesce(sum(${promptTokens}), 0)::int`,
  completionTokens: sql<number>`coalesce(sum(${completionTokens}), 0)::int`,
  feeWei: sql<string>`coalesce(sum(${inferences.feeWei}), 0)::text`,
};
const day = sql<string>`to_char(${inferences.createdAt} at time zone 'UTC', 'YYYY-MM-DD')`;

/** What an account's answers used and cost since `from`: by model and key, and by day (UTC). Days without answers are left out. */
export async function getUsage(deps: Pick<Deps, 'db'>, actor: Actor, { from }: { from: Date }): Promise<UsageSummary> {
  const { address } = assertAccount(actor);
  const where = ownAnswers(address, from);
  const lines = await deps.db
    .select({ ...totals, model: models.slug, key: apiKeys.name })
    .from(inferences)
    .innerJoin(models, eq(models.id, inferences.modelId))
    .leftJoin(apiKeys, eq(apiKeys.id, inferences.apiKeyId))
    .where(where)
    .groupBy(models.slug, apiKeys.id, apiKeys.name)
    .orderBy(desc(sql`sum(${inferences.feeWei})`), models.slug)
    .limit(200);
  const days = await deps.db
    .select({ ...totals, day })
    .from(inferences)
    .where(where)
    .groupBy(day)
    .orderBy(desc(day));
  const toWei = <T extends { feeWei: string }>(row: T) => ({ ...row, feeWei: BigInt(row.feeWei) });
  const byDay: UsageDay[] = days.map(toWei);
  return { total: sumOf(byDay), lines: lines.map(toWei) satisfies UsageLine[], days: byDay };
}

function sumOf(rows: readonly UsageTotals[]): UsageTotals {
  const zero: UsageTotals = { answers: 0, promptTokens: 0, completionTokens: 0, feeWei: 0n };
  return rows.reduce(
    (sum, row) => ({
      answers: sum.answers + row.answers,
      promptTokens: sum.promptTokens + row.promptTokens,
      completionTokens: sum.completionTokens + row.completionTokens,
      feeWei: sum.feeWei + row.feeWei,
    }),
    zero,
  );
}
