import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { getPassReceipt } from '#lib/passes/get-pass-receipt.ts';
import { getReceiptProof } from '#lib/rewards/get-receipt-proof.ts';

/** The receipt of a bought access pass as signed, with its proof into the reward period that took it (null until then). */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, input }) => {
    const receipt = await getPassReceipt(deps.db, input.id);
    const proof = await getReceiptProof(deps.db, input.id);
    return { ...receipt, settlement: proof };
  },
});
