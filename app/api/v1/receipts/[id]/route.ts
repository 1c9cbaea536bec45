import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { ReceiptNotFoundError } from '#lib/attribution/errors.ts';
import { findReceipt } from '#lib/attribution/queries.ts';

/** A receipt as signed, or its state while attribution is still running. */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, input }) => {
    const receipt = await findReceipt(deps.db, input.id);
    if (!receipt) throw new ReceiptNotFoundError();
    return receipt;
  },
});
