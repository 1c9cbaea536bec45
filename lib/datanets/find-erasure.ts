import { asc, eq, isNull } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { erasures } from '#db/schema/erasure.ts';
import type { ErasureReceipt, SignedErasureReceipt } from '#lib/kernel/erasure-receipt.ts';

export type ErasureState = { requestedAt: Date; signed: SignedErasureReceipt | null };

/** Whether a row's text is destroyed, with the signed receipt, or since when it waits for that; null for a row that nobody withdrew. */
export async function findErasure(db: DatabaseOrTransaction, exampleId: string): Promise<ErasureState | null> {
  const [row] = await db.select().from(erasures).where(eq(erasures.exampleId, exampleId));
  if (!row) return null;
  const { requestedAt, erasedAt, receipt, receiptHash, signature } = row;
  const isDone = erasedAt && receipt && receiptHash && signature;
  return {
    requestedAt,
    signed: isDone
      ? {
          receipt: receipt as ErasureReceipt,
          hash: receiptHash as `0x${string}`,
          signature: signature as `0x${string}`,
        }
      : null,
  };
}

/** Rows whose text waits to be destroyed, longest first. */
export async function listWaitingErasures(db: DatabaseOrTransaction, limit = 100): Promise<string[]> {
  const rows = await db
    .select({ exampleId: erasures.exampleId })
    .from(erasures)
    .where(isNull(erasures.erasedAt))
    .orderBy(asc(erasures.requestedAt))
    .limit(limit);
  return rows.map(({ exampleId }) => exampleId);
}
