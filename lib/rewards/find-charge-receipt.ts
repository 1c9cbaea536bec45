import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets } from '#db/schema/datanets.ts';
import { receipts } from '#db/schema/models.ts';
import { type ChargeReceipt, chargeReceiptSchema } from '#lib/kernel/charge-receipt.ts';

export type ChargeReceiptView = {
  body: ChargeReceipt;
  /** SHA-256 of the body's canonical JSON, and the gateway's EIP-191 signature over it. */
  hash: `0x${string}`;
  signature: `0x${string}`;
  /** Of the Datanet that the receipt names. */
  datanetSlug: string;
};

/** The receipt of a charge that is no answer's and no app's task; null where there is none. Anybody may read it. */
export async function findChargeReceipt(db: DatabaseOrTransaction, id: string): Promise<ChargeReceiptView | null> {
  const [row] = await db
    .select({ body: receipts.body, hash: receipts.hash, signature: receipts.signature })
    .from(receipts)
    .where(eq(receipts.id, id));
  if (!row) return null;
  const body = chargeReceiptSchema.parse(row.body);
  const [datanet] = await db.select({ slug: datanets.slug }).from(datanets).where(eq(datanets.id, body.datanet.id));
  const signed = { hash: row.hash as `0x${string}`, signature: row.signature as `0x${string}` };
  return { body, ...signed, datanetSlug: datanet!.slug };
}
