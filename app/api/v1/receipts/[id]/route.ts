import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { ReceiptNotFoundError } from '#lib/attribution/errors.ts';
import { getReceiptFiles } from '#lib/attribution/get-receipt-files.ts';
import { findReceipt } from '#lib/attribution/queries.ts';
import { listChallenges } from '#lib/challenges/queries.ts';
import { isChargeReceiptId } from '#lib/kernel/charge-receipt.ts';
import { findChargeReceipt } from '#lib/rewards/find-charge-receipt.ts';
import { getReceiptProof } from '#lib/rewards/get-receipt-proof.ts';

/**
 * A receipt as signed, with all that a stranger needs to recompute it: its proof into the reward period, challenges, and where
 * its files are. Or its state while attribution is still running. Receipts of other charges (charge-receipt.ts) have fewer files.
 */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, input }) => {
    if (isChargeReceiptId(input.id)) return getCharge(deps.db, input.id);
    const receipt = await findReceipt(deps.db, input.id);
    if (!receipt) throw new ReceiptNotFoundError();
    if (receipt.state !== 'issued') return receipt;
    const files = await getReceiptFiles(deps.db, input.id);
    const proof = await getReceiptProof(deps.db, input.id);
    return {
      ...receipt,
      settlement: proof && withoutKey(proof),
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

async function getCharge(db: DatabaseOrTransaction, id: string) {
  const receipt = await findChargeReceipt(db, id);
  if (!receipt) throw new ReceiptNotFoundError();
  const proof = await getReceiptProof(db, id);
  const { datanetSlug, ...signed } = receipt;
  const rows = `/api/v1/datanets/${datanetSlug}/versions/${signed.body.datanet.number}/rows.jsonl`;
  return {
    ...{ state: 'issued', receiptId: id, ...signed, settlement: proof && withoutKey(proof) },
    links: { rows, period: proof && `/api/v1/receipts/${id}/period` },
  };
}

/** Where the file lies is the server's own business; its address is among the links. */
function withoutKey({ dataKey: _, ...settlement }: NonNullable<Awaited<ReturnType<typeof getReceiptProof>>>) {
  return settlement;
}
