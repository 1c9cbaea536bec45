import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { leftOutSchema } from '#lib/counterfactuals/schema.ts';
import { startCounterfactual } from '#lib/counterfactuals/start-counterfactual.ts';

/** Has an answer computed again without some of its sources, for who asked it. The same sources again find what is there. */
export const POST = defineRoute({
  input: z.object({ id: z.string(), without: leftOutSchema }),
  auth: 'visitor',
  limit: { name: 'without', max: 30, windowSeconds: 3_600 },
  run: ({ deps, actor, input, callerKey }) =>
    startCounterfactual(deps, actor, { receiptId: input.id, callerKey, leftOut: input.without }),
});
