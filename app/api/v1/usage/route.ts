import { defineRoute } from '#app/_server/define-route.ts';
import type { KeySpending, UsageTotals } from '#lib/serving/types.ts';
import { getSpending } from '#lib/serving/usage/get-spending.ts';
import { getUsage } from '#lib/serving/usage/get-usage.ts';
import { usageFrom, usageSchema } from '#lib/serving/usage/schema.ts';

/** What one's answers used and cost, by model and key and by day, and all that was spent, trainings, tasks and passes too, by key and kind. */
export const GET = defineRoute({
  input: usageSchema,
  auth: 'account',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const from = usageFrom(deps.now(), input.days);
    const [{ total, lines, days }, spending] = await Promise.all([
      getUsage(deps, actor, { from }),
      getSpending(deps, actor, { from }),
    ]);
    return {
      object: 'usage',
      from: from.toISOString(),
      total: toTotals(total),
      by_model: lines.map(({ model, key, ...line }) => ({ model, key, ...toTotals(line) })),
      spent_wei: spending.totalWei,
      by_key: spending.keys.map(toKey),
      by_day: days.map(({ day, ...line }) => ({ day, ...toTotals(line) })),
    };
  },
});

const toTotals = ({ answers, promptTokens, completionTokens, feeWei }: UsageTotals) => ({
  ...{ answers, prompt_tokens: promptTokens, completion_tokens: completionTokens, fee_wei: feeWei },
});

const toKey = ({ key, feeWei, kinds }: KeySpending) => ({
  key,
  spent_wei: feeWei,
  kinds: Object.fromEntries(
    Object.entries(kinds).map(([kind, one]) => [kind, { count: one.count, fee_wei: one.feeWei }]),
  ),
});
