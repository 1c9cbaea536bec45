import type { Address } from 'viem';
import type { chainTransactions } from '#db/schema/settlement.ts';
import { findReceipt } from './find-receipt.ts';
import type { SenderDeps } from './sign-transaction.ts';

/** A nonce that was used this many blocks ago stays used. */
const settledBlocks = 12n;

/**
 * Whether another transaction took this one's nonce, sent with the same key from somewhere else: then none of its variants can
 * ever be included. Said only when that is some blocks old, because a call that is made again is paid again.
 */
export async function wasOvertaken(
  { chain }: Pick<SenderDeps, 'chain'>,
  row: Pick<typeof chainTransactions.$inferSelect, 'sender' | 'nonce' | 'raw'>,
): Promise<boolean> {
  const head = await chain.getBlockNumber();
  if (head < settledBlocks) return false;
  const address = row.sender as Address;
  const used = await chain.getTransactionCount({ address, blockNumber: head - settledBlocks });
  return used > row.nonce && (await findReceipt(chain, row.raw)) === null;
}
