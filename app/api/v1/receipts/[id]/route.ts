import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { ReceiptNotFoundError } from '#lib/attribution/errors.ts';
import { getReceiptFiles } from '#lib/attribution/get-receipt-files.ts';
import { findReceipt } from '#lib/attribution/queries.ts';
import { listChallenges } from '#lib/challenges/queries.ts';
import { getReceiptProof } from '#lib/rewards/get-receipt-proof.ts';

/**
 * A receipt as signed, with all that a stranger needs to recompute it: its proof into the reward period, challenges, and where
 * its files are. Or its state while attribution is still running.
 */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, input }) => {
    const receipt = await findReceipt(deps.db, input.id);
    if (!receipt) throw new ReceiptNotFoundError();
    if (receipt.state !== 'issued') return receipt;
    const files = await getReceiptFiles(deps.db, input.id);
    const proof = await getReceiptProof(deps.db, input.id);
    const { dataKey: _, ...settlement } = proof ?? { dataKey: null };
    return {
      ...receipt,
      settlement: proof ? settlement : null,
      challenges: await listChallenges(deps.db, input.id),
      links: {
        codes: `/api/v1/receipts/${input.id}/codes`,
        index: `/api/v1/adapters/${files.adapterId}/index`,
        certificate: files.certificateKey && `/api/v1/receipts/${input.id}/certificate`,
        rows: `/api/v1/datanets/${files.datanetSlug}/versions/${files.versionNumber}/rows.jsonl`,
        period: proof && `/api/v1/receipts/${input.id}/period`,
        answer: `/api/v1/receipts/${input.id}/answer`, // the payer's alone
        adapter: `/api/v1/models/${files.modelSlug}/exports/adapter`, // the model owner's alone
      },
    };
  },
});
