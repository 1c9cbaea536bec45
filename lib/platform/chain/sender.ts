import { eq, sql } from 'drizzle-orm';
import { type Abi, type Address, encodeFunctionData, type Hex, keccak256, type TransactionReceipt } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainTransactions } from '#db/schema/settlement.ts';
import { newId } from '../new-id.ts';
import { decodeRevert } from './decode-revert.ts';
import { TransactionRevertedError } from './errors.ts';
import { type SenderDeps, signTransaction } from './sign-transaction.ts';
import { type SenderOptions, waitForInclusion } from './wait-for-inclusion.ts';

export type ContractCall = {
  /** What the transaction is for, e.g. `submit:rp_…`; the same key is sent once, whatever crashes. */
  key: string;
  address: Address;
  abi: Abi;
  functionName: string;
  args: readonly unknown[];
};

/** Native currency to an account, no call. */
export type Transfer = { key: string; address: Address; valueWei: bigint };
export type Sendable = ContractCall | Transfer;

type Row = typeof chainTransactions.$inferSelect;

/**
 * Sends a contract call or a transfer from the operator's key and waits until it is included. The signed bytes are stored before they
 * are broadcast, and their key is unique: a crash anywhere and a second call (also from another process) broadcasts the
 * same bytes again. A call that reverted did nothing, so calling once more with its key makes a new transaction.
 *
 * Throws TransactionRevertedError with the decoded custom error, TransactionPendingError when the chain is slow.
 */
export async function sendOnce(
  deps: SenderDeps,
  call: Sendable,
  options: SenderOptions = {},
): Promise<TransactionReceipt> {
  const existing = await findRow(deps.db, call.key);
  const row = existing && existing.status !== 'reverted' ? existing : await storeSigned(deps, call);
  await options.onStep?.('stored');
  const receipt = await waitForInclusion(deps, row, options);
  if (receipt.status === 'success') return receipt;
  throw new TransactionRevertedError(call.key, await reasonOf(deps, call, receipt));
}

function messageOf(call: Sendable): { to: Address; data: Hex; value?: bigint } {
  if ('valueWei' in call) return { to: call.address, data: '0x', value: call.valueWei };
  return { to: call.address, data: encodeFunctionData(call) };
}

/** The stored transaction of that key, or null. */
export async function findRow(db: DatabaseOrTransaction, key: string): Promise<Row | null> {
  const [row] = await db.select().from(chainTransactions).where(eq(chainTransactions.key, key));
  return row ?? null;
}

/** Simulates, then takes the next nonce of the lane, signs, and stores the bytes; all holders of the key take turns. */
async function storeSigned(deps: SenderDeps, call: Sendable): Promise<Row> {
  const account = deps.operator.address;
  const gas = await estimateGas(deps, call);
  const fees = await deps.chain.estimateFeesPerGas();
  return deps.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`chain-lane:${account.toLowerCase()}`}))`);
    const existing = await findRow(tx, call.key);
    if (existing && existing.status !== 'reverted') return existing;
    if (existing) {
      const archived = `${existing.key}#reverted-${existing.nonce}`;
      await tx.update(chainTransactions).set({ key: archived }).where(eq(chainTransactions.id, existing.id));
    }
    const nonce = await nextNonce(deps, tx);
    const raw = await signTransaction(deps, { ...messageOf(call), gas, nonce, ...fees });
    const now = deps.now();
    const row: Row = {
      id: newId(deps, 'transaction'),
      key: call.key,
      sender: account.toLowerCase(),
      nonce,
      raw,
      hash: keccak256(raw),
      status: 'signed',
      blockNumber: null,
      error: null,
      createdAt: now,
      updatedAt: now,
    };
    await tx.insert(chainTransactions).values(row);
    return row;
  });
}

/** One above everything that we stored and everything that the chain has seen of this key, ours or not. */
async function nextNonce(deps: SenderDeps, tx: DatabaseOrTransaction): Promise<number> {
  const sender = deps.operator.address.toLowerCase();
  const [top] = await tx
    .select({ nonce: sql<number | null>`max(${chainTransactions.nonce})` })
    .from(chainTransactions)
    .where(eq(chainTransactions.sender, sender));
  const onChain = await deps.chain.getTransactionCount({ address: deps.operator.address, blockTag: 'pending' });
  return Math.max(onChain, (top?.nonce ?? -1) + 1);
}

/** Gas with a fifth to spare; a call that would revert fails here, before it takes a nonce. */
async function estimateGas(deps: SenderDeps, call: Sendable): Promise<bigint> {
  try {
    const gas = await deps.chain.estimateGas({ account: deps.operator.address, ...messageOf(call) });
    return (gas * 6n) / 5n;
  } catch (error) {
    const reason = decodeRevert(error);
    throw reason ? new TransactionRevertedError(call.key, reason, error) : error;
  }
}

/** Why an included transaction reverted: the same call replayed on its block. */
async function reasonOf(deps: SenderDeps, call: Sendable, receipt: TransactionReceipt) {
  try {
    const { blockNumber } = receipt;
    await deps.chain.call({ account: deps.operator.address, ...messageOf(call), blockNumber });
  } catch (error) {
    const reason = decodeRevert(error);
    if (reason) return reason;
  }
  return { errorName: 'Unknown', errorArgs: [receipt.transactionHash] };
}
