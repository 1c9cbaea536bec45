import { setTimeout as sleep } from 'node:timers/promises';
import { and, eq, inArray, lte } from 'drizzle-orm';
import { type Hex, keccak256, parseTransaction, type TransactionReceipt } from 'viem';
import { chainTransactions } from '#db/schema/settlement.ts';
import { TransactionOvertakenError, TransactionPendingError } from './errors.ts';
import { findReceipt } from './find-receipt.ts';
import { raisedFees } from './raised-fees.ts';
import { type SenderDeps, signTransaction } from './sign-transaction.ts';
import { addVariant, isCancellation, newestVariant } from './variants.ts';
import { wasOvertaken } from './was-overtaken.ts';

export type SenderOptions = {
  /** Without a receipt for this long the fee is raised by a quarter, or it is found that the nonce is gone. */
  stuckAfterMs?: number;
  /** Gives up waiting (not sending) after this long. */
  timeoutMs?: number;
  pollMs?: number;
  /** Called after each durable step; tests abort here. */
  onStep?: (step: 'stored' | 'broadcast') => void | Promise<void>;
};

type Row = typeof chainTransactions.$inferSelect;

/**
 * Broadcasts the stored bytes until the chain has a receipt for one of them. `raw` holds every variant ever signed for
 * this nonce, newest last, one a line: after a fee replacement any of them may be the one that gets included.
 */
export async function waitForInclusion(
  deps: SenderDeps,
  row: Row,
  { stuckAfterMs = 30_000, timeoutMs = 120_000, pollMs = 250, onStep }: SenderOptions,
): Promise<TransactionReceipt> {
  const started = performance.now();
  let raisedAt = started;
  const before = await findReceipt(deps.chain, row.raw);
  if (before) return record(deps, row, before);
  // An included row without a receipt was dropped by a reorg: it waits again, and the same bytes go out again.
  if (row.status !== 'signed') await setStatus(deps, row, { status: 'sent' });
  await broadcastLane(deps, row);
  await setStatus(deps, row, { status: 'sent' });
  await onStep?.('broadcast');
  for (;;) {
    const [current = row] = await deps.db.select().from(chainTransactions).where(eq(chainTransactions.id, row.id));
    const receipt = await findReceipt(deps.chain, current.raw);
    if (receipt) return record(deps, current, receipt);
    const now = performance.now();
    if (now - started > timeoutMs) throw new TransactionPendingError(row.key, current.hash);
    if (now - raisedAt > stuckAfterMs) {
      raisedAt = now;
      if (await wasOvertaken(deps, current)) await giveUp(deps, current);
      await raiseFee(deps, current);
    }
    await sleep(pollMs);
  }
}

/** Its nonce is another's: it did nothing, like one that reverted, and its key may be used again. */
async function giveUp(deps: SenderDeps, row: Row): Promise<never> {
  await setStatus(deps, row, { status: 'reverted', error: 'another transaction of this key took its nonce' });
  throw new TransactionOvertakenError(row.key, row.hash);
}

/** Same nonce, same call, more fee; stored before it is broadcast. */
async function raiseFee(deps: SenderDeps, row: Row): Promise<void> {
  const stuck = parseTransaction(newestVariant(row.raw));
  const { to, data, value, gas, nonce } = stuck;
  if (!to || gas === undefined || !stuck.maxFeePerGas) throw new TypeError(`${row.key}: stored bytes are no call`);
  const next = await signTransaction(deps, {
    to,
    data: data ?? '0x',
    ...(value ? { value } : {}),
    gas,
    nonce: nonce ?? row.nonce,
    ...(await raisedFees(deps.chain, stuck)),
  });
  await addVariant(deps, row.id, next);
  await broadcast(deps, next);
}

/** Also what stands before it in the lane: a transaction stored by a process that died then would block all later ones. */
async function broadcastLane(deps: SenderDeps, row: Row): Promise<void> {
  const lane = await deps.db
    .select({ raw: chainTransactions.raw })
    .from(chainTransactions)
    .where(
      and(
        eq(chainTransactions.sender, row.sender),
        lte(chainTransactions.nonce, row.nonce),
        inArray(chainTransactions.status, ['signed', 'sent']),
      ),
    )
    .orderBy(chainTransactions.nonce);
  for (const { raw } of lane) await broadcast(deps, newestVariant(raw));
}

/**
 * Gives the bytes to the node. Refusals are not decisive (already known, nonce used by an earlier variant that was
 * included), only a receipt is; so they are kept on the row for operators and the caller goes on polling.
 */
async function broadcast(deps: SenderDeps, serializedTransaction: Hex): Promise<void> {
  try {
    await deps.chain.sendRawTransaction({ serializedTransaction });
  } catch (error) {
    const text = String((error as { details?: string }).details ?? error).slice(0, 500);
    if (/already known|already imported|nonce too low/i.test(text)) return;
    await deps.db
      .update(chainTransactions)
      .set({ error: text, updatedAt: deps.now() })
      .where(eq(chainTransactions.hash, keccak256(serializedTransaction)));
  }
}

async function record(deps: SenderDeps, row: Row, receipt: TransactionReceipt): Promise<TransactionReceipt> {
  if (isCancellation(row, receipt.transactionHash)) {
    await setStatus(deps, row, { status: 'reverted', error: 'cancelled', hash: receipt.transactionHash });
    throw new TransactionOvertakenError(row.key, receipt.transactionHash);
  }
  await setStatus(deps, row, {
    status: receipt.status === 'success' ? 'included' : 'reverted',
    hash: receipt.transactionHash,
    blockNumber: Number(receipt.blockNumber),
    error: null,
  });
  return receipt;
}

async function setStatus(
  deps: SenderDeps,
  row: Row,
  change: Partial<Pick<Row, 'status' | 'hash' | 'raw' | 'blockNumber' | 'error'>>,
): Promise<void> {
  await deps.db
    .update(chainTransactions)
    .set({ ...change, updatedAt: deps.now() })
    .where(eq(chainTransactions.id, row.id));
}
