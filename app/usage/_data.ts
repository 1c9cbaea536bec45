import 'server-only';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { listApiKeys } from '#lib/platform/auth/queries.ts';
import { getSpending } from '#lib/serving/usage/get-spending.ts';
import { getUsage } from '#lib/serving/usage/get-usage.ts';
import { listUsedAnswers } from '#lib/serving/usage/list-used-answers.ts';
import { listUsedCharges } from '#lib/serving/usage/list-used-charges.ts';
import { usageFrom, usageSchema } from '#lib/serving/usage/schema.ts';

/** The account's usage of the last days, its newest answers and other charges; null for a visitor. A span that is none is the usual one. */
export async function loadUsage(search: Record<string, string | string[] | undefined>) {
  const actor = await getActor();
  if (actor.kind !== 'account') return null;
  const deps = buildDeps();
  const parsed = usageSchema.safeParse({ days: search.days });
  const { days } = parsed.success ? parsed.data : usageSchema.parse({});
  const from = usageFrom(deps.now(), days);
  const [usage, answers, charges, spending, apiKeys] = await Promise.all([
    getUsage(deps, actor, { from }),
    listUsedAnswers(deps, actor, { from, limit: 50 }),
    listUsedCharges(deps, actor, { from, limit: 50 }),
    getSpending(deps, actor, { from }),
    listApiKeys(deps, actor.address),
  ]);
  const spentInAll = new Map(apiKeys.map(({ id, spentWei }) => [id, spentWei]));
  return { span: days, ...usage, answers, charges, spending, spentInAll };
}
