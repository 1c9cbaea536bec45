import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { inferences, models } from '#db/schema/models.ts';
import { ReceiptNotFoundError } from '#lib/attribution/errors.ts';
import type { RowGroup } from '#lib/kernel/answer-payout.ts';
import { listPooledRows } from './list-pooled-rows.ts';

/** More groups than this are not sent to a browser. */
const groupsMax = 2_000;

/**
 * The people of the original rows of a receipt's version, who share what answers without a certified source leave to the common
 * pool. Null where they are too many to be named here. Never changes for a receipt. Throws ReceiptNotFoundError.
 */
export async function getReceiptRowPool(db: DatabaseOrTransaction, receiptId: string): Promise<RowGroup[] | null> {
  const [place] = await db
    .select({ adapterId: models.adapterId, versionId: models.versionId })
    .from(inferences)
    .innerJoin(models, eq(models.id, inferences.modelId))
    .where(eq(inferences.id, receiptId.replace(/^rcp_/, 'inf_')));
  if (!place) throw new ReceiptNotFoundError();
  const groups = await listPooledRows(db, place);
  return groups.length <= groupsMax ? groups : null;
}
