import { unstable_cache } from 'next/cache';
import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { buildDeps } from '#app/_server/deps.ts';
import { ReceiptNotFoundError } from '#lib/attribution/errors.ts';
import { getReceiptRowPool } from '#lib/rewards/get-receipt-row-pool.ts';

/** The people of the original rows of a receipt's version, who share flat pay: counted once, because it never changes. */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ input }) => {
    const read = unstable_cache(() => getReceiptRowPool(buildDeps().db, input.id), ['row-pool', input.id], {
      revalidate: 86_400,
    });
    const pool = await read();
    if (!pool) throw new ReceiptNotFoundError();
    return pool;
  },
});
