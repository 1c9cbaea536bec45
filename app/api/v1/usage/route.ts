import { defineRoute } from '#app/_server/define-route.ts';
import type { UsageTotals } from '#lib/serving/types.ts';
import { getUsage } from '#lib/serving/usage/get-usage.ts';
import { usageFrom, usageSchema } from '#lib/serving/usage/schema.ts';

/** What one's answers used and cost, by model and key and by day. */
export const GET = defineRoute({
  input: usageSchema,
  auth: 'account',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const from = usageFrom(deps.now(), input.days);
    const { total, lines, days } = await getUsage(deps, actor, { from });
    return {
      object: 'usage',
      from: from.toISOString(),
      total: toTotals(total),
      by_model: lines.map(({ model, key, ...line }) => ({ model, key, ...toTotals(line) })),
      by_day: days.map(({ day, ...line }) => ({ day, ...toTotals(line) })),
    };
  },
});

const toTotals = ({ answers, promptTokens, completionTokens, feeWei }: UsageTotals) => ({
  ...{ answers, prompt_tokens: promptTokens, completion_tokens: completionTokens, fee_wei: feeWei },
});
