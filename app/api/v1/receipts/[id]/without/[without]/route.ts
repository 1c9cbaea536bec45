import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { getCounterfactual } from '#lib/counterfactuals/get-counterfactual.ts';

/** How far an answer without some of its sources is, and what it says. */
export const GET = defineRoute({
  input: z.object({ id: z.string(), without: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: ({ deps, actor, input, callerKey }) =>
    getCounterfactual(deps, actor, { receiptId: input.id, callerKey, id: input.without }),
});
