import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { storedFileResponse } from '#app/_server/stored-file-response.ts';
import { ReceiptNotFoundError } from '#lib/attribution/errors.ts';
import { getReceiptProof } from '#lib/rewards/get-receipt-proof.ts';

/** The data file of the receipt's reward period, from which everybody's amounts follow; its hash is the epoch's `uri` on chain. */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'download', max: 60, windowSeconds: 60 },
  run: async ({ deps, input, request }) => {
    const proof = await getReceiptProof(deps.db, input.id);
    if (!proof) throw new ReceiptNotFoundError();
    const file = { key: proof.dataKey, hash: proof.dataKey.split('/')[1]!, name: `period-${proof.period}.json` };
    return storedFileResponse(deps, request, { ...file, type: 'application/json' });
  },
});
