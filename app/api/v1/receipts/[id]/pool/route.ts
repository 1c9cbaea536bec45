import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { loadRowPool } from '#app/_server/load-row-pool.ts';

/** The people of the original rows of a receipt's version, who share what answers without a certified source leave. */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ input }) => ({ groups: await loadRowPool(input.id) }),
});
