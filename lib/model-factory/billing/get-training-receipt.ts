import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { receipts } from '#db/schema/models.ts';
import { trainingBills } from '#db/schema/training-bills.ts';
import { type TrainingReceipt, trainingReceiptSchema } from '#lib/kernel/training-receipt.ts';
import { TrainingReceiptNotFoundError } from '../errors.ts';

/** A training's receipt: the body, the SHA-256 of its canonical JSON, the gateway's EIP-191 signature over that. Anybody may read it. */
export async function getTrainingReceipt(
  db: DatabaseOrTransaction,
  id: string,
): Promise<{ receipt: TrainingReceipt; hash: string; signature: string }> {
  const [row] = await db
    .select({ body: receipts.body, hash: receipts.hash, signature: receipts.signature })
    .from(receipts)
    .innerJoin(trainingBills, eq(trainingBills.receiptId, receipts.id))
    .where(eq(receipts.id, id));
  if (!row) throw new TrainingReceiptNotFoundError(id);
  return { receipt: trainingReceiptSchema.parse(row.body), hash: row.hash, signature: row.signature };
}
