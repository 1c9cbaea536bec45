import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelPasses } from '#db/schema/model-passes.ts';
import { receipts } from '#db/schema/models.ts';
import { type PassReceipt, passReceiptSchema } from '#lib/kernel/pass-receipt.ts';
import { PassReceiptNotFoundError } from './errors.ts';

/** The receipt of a bought pass: the body, the SHA-256 of its canonical JSON, the gateway's EIP-191 signature over that. Anybody may read it. */
export async function getPassReceipt(
  db: DatabaseOrTransaction,
  id: string,
): Promise<{ receipt: PassReceipt; hash: string; signature: string }> {
  const [row] = await db
    .select({ body: receipts.body, hash: receipts.hash, signature: receipts.signature })
    .from(receipts)
    .innerJoin(modelPasses, eq(modelPasses.receiptId, receipts.id))
    .where(eq(receipts.id, id));
  if (!row) throw new PassReceiptNotFoundError(id);
  return { receipt: passReceiptSchema.parse(row.body), hash: row.hash, signature: row.signature };
}
