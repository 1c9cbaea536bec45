import 'server-only';
import { unstable_cache } from 'next/cache';
import type { RowGroup } from '#lib/kernel/answer-payout.ts';
import { getReceiptRowPool } from '#lib/rewards/get-receipt-row-pool.ts';
import { buildDeps } from './deps.ts';

/**
 * The people of the original rows behind a receipt; null where they are too many to be named. Counted once: it never changes.
 * Throws ReceiptNotFoundError.
 */
export async function loadRowPool(receiptId: string): Promise<RowGroup[] | null> {
  const read = unstable_cache(() => getReceiptRowPool(buildDeps().db, receiptId), ['row-pool', receiptId], {
    revalidate: 86_400,
  });
  return read();
}
