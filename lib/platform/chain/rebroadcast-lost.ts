import { and, eq, gt } from 'drizzle-orm';
import type { Hex } from 'viem';
import { chainTransactions } from '#db/schema/settlement.ts';
import { findReceipt } from './find-receipt.ts';
import type { SenderDeps } from './sign-transaction.ts';

/** A reorg deeper than what is included within this time is not expected. */
const watchedMs = 10 * 60_000;

/**
 * Sends transactions again that were included and that a reorg dropped: nobody waits for them any more, but later steps
 * rely on them. Returns how many. The bytes are the stored ones, so nothing can happen twice.
 */
export async function rebroadcastLost(deps: Pick<SenderDeps, 'db' | 'chain' | 'now'>): Promise<number> {
  const rows = await deps.db
    .select()
    .from(chainTransactions)
    .where(
      and(
        eq(chainTransactions.status, 'included'),
        gt(chainTransactions.createdAt, new Date(deps.now().getTime() - watchedMs)),
      ),
    )
    .orderBy(chainTransactions.nonce);
  let lost = 0;
  for (const row of rows) {
    if (await findReceipt(deps.chain, row.raw)) continue;
    const newest = row.raw.slice(row.raw.lastIndexOf('\n') + 1) as Hex;
    await deps.chain.sendRawTransaction({ serializedTransaction: newest }).catch(() => {}); // known already, or next time
    lost += 1;
  }
  return lost;
}
