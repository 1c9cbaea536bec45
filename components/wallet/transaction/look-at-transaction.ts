import {
  type GetTransactionReturnType,
  type Hash,
  type PublicClient,
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
} from 'viem';
import { describeFailure } from './describe-failure.ts';
import type { JournalEntry } from './types.ts';

export type LookOptions = {
  client: PublicClient;
  /** Blocks, its own included, from which a transaction is final. */
  confirmations: number;
  /** Symbol of the network's coin, for sentences. */
  currency: string;
  nowMs: number;
};

/** A wallet that was asked and answered nothing, also nothing on chain, is given up after this long. */
const silentWalletMs = 30 * 60_000;

/**
 * One look at the chain: what has become of a remembered transaction. Follows the nonce, not only the hash: a sped-up
 * transaction goes on under its new hash, a cancelled or replaced one ends, one whose hash the page never learnt (closed
 * while the wallet asked) is found by account and content, and one that a reorganisation took out waits again.
 *
 * @returns the changes to the entry; none while there is nothing new.
 * @throws what the RPC throws when it does not answer; the entry stays as it is.
 */
export async function lookAtTransaction(entry: JournalEntry, options: LookOptions): Promise<Partial<JournalEntry>> {
  const hash = 'hash' in entry.state ? entry.state.hash : undefined;
  if (!hash) return lookForHash(entry, options);
  const { client, confirmations, currency } = options;
  const receipt = await client.getTransactionReceipt({ hash }).catch(ifMissing(TransactionReceiptNotFoundError));
  if (!receipt) return lookForNonce(entry, hash, options);
  if (receipt.status === 'reverted') {
    return { state: { status: 'failed', hash, reason: await reasonOf(client, hash, currency) } };
  }
  const depth = Number((await client.getBlockNumber({ cacheTime: 0 })) - receipt.blockNumber) + 1;
  const blockNumber = Number(receipt.blockNumber);
  return { state: { status: depth >= confirmations ? 'final' : 'included', hash, blockNumber } };
}

/** Not in a block: still waiting, or another transaction took its nonce. */
async function lookForNonce(entry: JournalEntry, hash: Hash, options: LookOptions): Promise<Partial<JournalEntry>> {
  const { client } = options;
  const seen =
    entry.nonce === null ? await client.getTransaction({ hash }).catch(ifMissing(TransactionNotFoundError)) : null;
  const nonce = entry.nonce ?? seen?.nonce ?? null;
  const waiting: Partial<JournalEntry> = { nonce, state: { status: 'sent', hash } };
  // A node that never showed it tells no nonce; then the content is looked for.
  if (nonce === null) return { ...waiting, ...(await lookForHash(entry, options)) };
  const winner = await findByNonce(entry, nonce, client);
  if (!winner || winner.hash === hash) return waiting;
  if (isSameCall(winner, entry)) return { nonce, state: { status: 'sent', hash: winner.hash } };
  const isEmpty =
    winner.to?.toLowerCase() === entry.account.toLowerCase() && winner.value === 0n && winner.input === '0x';
  return { nonce, state: { status: isEmpty ? 'cancelled' : 'replaced', hash: winner.hash } };
}

/** The page was closed between asking the wallet and its answer: the account's next transactions tell what the answer was. */
async function lookForHash(entry: JournalEntry, { client, nowMs }: LookOptions): Promise<Partial<JournalEntry>> {
  const next = await findByNonce(entry, entry.fromNonce, client);
  if (next && isSameCall(next, entry)) return { nonce: next.nonce, state: { status: 'sent', hash: next.hash } };
  if (next) return { fromNonce: entry.fromNonce + 1 };
  if (entry.state.status !== 'in-wallet' || nowMs - entry.askedAtMs < silentWalletMs) return {};
  return {
    state: {
      status: 'failed',
      reason: 'Your wallet was asked, and nothing of it came to the chain within 30 minutes. Nothing was sent.',
    },
  };
}

const isSameCall = (transaction: GetTransactionReturnType, { call }: JournalEntry) =>
  transaction.to?.toLowerCase() === call.to.toLowerCase() &&
  transaction.input === call.data &&
  transaction.value === BigInt(call.valueWei);

/** The included transaction of the entry's account with this nonce: its block by bisection over the account's counts. */
async function findByNonce(
  { account, fromBlock }: JournalEntry,
  nonce: number,
  client: PublicClient,
): Promise<GetTransactionReturnType | null> {
  const latest = await client.getBlockNumber({ cacheTime: 0 });
  const countAt = (blockNumber: bigint) => client.getTransactionCount({ address: account, blockNumber });
  if ((await countAt(latest)) <= nonce) return null;
  let [before, at] = [BigInt(fromBlock), latest];
  while (at - before > 1n) {
    const middle = (before + at) / 2n;
    if ((await countAt(middle)) > nonce) at = middle;
    else before = middle;
  }
  const { transactions } = await client.getBlock({ blockNumber: at, includeTransactions: true });
  const mine = transactions.find((one) => one.from.toLowerCase() === account.toLowerCase() && one.nonce === nonce);
  return (mine as GetTransactionReturnType | undefined) ?? null;
}

/** Runs the failed call again on its block's state to learn the reason; chains do not keep it. */
async function reasonOf(client: PublicClient, hash: Hash, currency: string): Promise<string> {
  try {
    const { from, to, input, value, blockNumber } = await client.getTransaction({ hash });
    await client.call({ account: from, to, data: input, value, ...(blockNumber && { blockNumber }) });
    return 'The chain refused the transaction; only the network fee was spent.';
  } catch (error) {
    return `${describeFailure(error, currency)} Only the network fee was spent.`;
  }
}

/** Turns one kind of "not there" into null; everything else stays an error. */
function ifMissing(kind: new (...args: never[]) => Error): (error: unknown) => null {
  return (error) => {
    if (error instanceof kind) return null;
    throw error;
  };
}
