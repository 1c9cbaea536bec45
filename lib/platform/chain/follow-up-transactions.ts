import { and, eq, gt, inArray, lt, or } from 'drizzle-orm';
import { chainTransactions } from '#db/schema/settlement.ts';
import { findReceipt } from './find-receipt.ts';
import type { SenderDeps } from './sign-transaction.ts';
import { isCancellation, newestVariant } from './variants.ts';
import { wasOvertaken } from './was-overtaken.ts';

/** A reorg deeper than what is included within this time is not expected. */
const watchedMs = 10 * 60_000;
/** Younger ones have somebody who waits for them. */
const leftBehindMs = 60_000;

/**
 * Looks after transactions that nobody waits for any more: included ones that a reorg dropped go out again, because later
 * steps rely on them; stored or sent ones whose process died are recorded if they were included, else go out again, because
 * they hold up the lane; those whose nonce another transaction took are given up. Returns how many were sent. The bytes are the stored ones, so nothing can happen twice.
 */
export async function followUpTransactions(deps: Pick<SenderDeps, 'db' | 'chain' | 'now'>): Promise<number> {
  const ago = (ms: number) => new Date(deps.now().getTime() - ms);
  const { status, createdAt, updatedAt, nonce } = chainTransactions;
  const included = and(eq(status, 'included'), gt(createdAt, ago(watchedMs)));
  const leftBehind = and(inArray(status, ['signed', 'sent']), lt(updatedAt, ago(leftBehindMs)));
  const rows = await deps.db.select().from(chainTransactions).where(or(included, leftBehind)).orderBy(nonce);
  let sent = 0;
  for (const row of rows) {
    const receipt = await findReceipt(deps.chain, row.raw);
    if (!receipt && row.status !== 'included' && (await wasOvertaken(deps, row))) {
      const change = { status: 'reverted' as const, error: 'another transaction of this key took its nonce' };
      await deps.db.update(chainTransactions).set(change).where(eq(chainTransactions.id, row.id));
    } else if (!receipt) {
      const serializedTransaction = newestVariant(row.raw);
      await deps.chain.sendRawTransaction({ serializedTransaction }).catch(() => {}); // known already, or next time
      sent += 1;
    } else if (row.status !== 'included') {
      const isDone = receipt.status === 'success' && !isCancellation(row, receipt.transactionHash);
      const state = isDone ? ('included' as const) : ('reverted' as const);
      const change = { status: state, blockNumber: Number(receipt.blockNumber), hash: receipt.transactionHash };
      await deps.db
        .update(chainTransactions)
        .set({ ...change, error: null, updatedAt: deps.now() })
        .where(eq(chainTransactions.id, row.id));
    }
  }
  return sent;
}
