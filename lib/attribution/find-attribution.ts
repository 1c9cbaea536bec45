import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { inferences, receipts } from '#db/schema/models.ts';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';

/** `none`: there is nothing to attribute, or it cannot be. */
export type FoundAttribution =
  | { state: 'attributing' | 'none' }
  | { state: 'issued'; body: ReceiptBody; hash: string; signature: string };

/** How far the attribution of an answer is, and the receipt once it is issued. Two look-ups by key: it may be asked often. */
export async function findAttribution(db: DatabaseOrTransaction, inferenceId: string): Promise<FoundAttribution> {
  const [row] = await db
    .select({ status: inferences.attributionStatus, receipt: receipts })
    .from(inferences)
    .leftJoin(receipts, eq(receipts.inferenceId, inferences.id))
    .where(eq(inferences.id, inferenceId));
  if (row?.receipt) {
    const { body, hash, signature } = row.receipt;
    return { state: 'issued', body: body as unknown as ReceiptBody, hash, signature };
  }
  return { state: row?.status === 'queued' ? 'attributing' : 'none' };
}
