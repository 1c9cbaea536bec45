import { eq, sql } from 'drizzle-orm';
import { type Hex, keccak256, parseTransaction } from 'viem';
import { chainTransactions } from '#db/schema/settlement.ts';
import type { SenderDeps } from './sign-transaction.ts';

type Row = typeof chainTransactions.$inferSelect;

/** `raw` has every variant that was ever signed for the nonce, one a line. */
export const newestVariant = (raw: string): Hex => raw.slice(raw.lastIndexOf('\n') + 1) as Hex;

/** Stores one more variant; also while another process adds one. */
export async function addVariant(deps: Pick<SenderDeps, 'db' | 'now'>, id: string, raw: Hex): Promise<void> {
  await deps.db
    .update(chainTransactions)
    .set({ raw: sql`${chainTransactions.raw} || chr(10) || ${raw}::text`, hash: keccak256(raw), updatedAt: deps.now() })
    .where(eq(chainTransactions.id, id));
}

/** Whether the variant with that hash is a cancellation. */
export function isCancellation(row: Pick<Row, 'raw' | 'sender'>, hash: Hex): boolean {
  const variant = row.raw.split('\n').find((one) => keccak256(one as Hex) === hash);
  if (!variant) return false;
  const { to, data, value } = parseTransaction(variant as Hex);
  return to?.toLowerCase() === row.sender && !value && (data ?? '0x') === '0x';
}
