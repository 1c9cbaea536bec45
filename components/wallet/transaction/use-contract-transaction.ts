'use client';

import { useEffect, useRef, useState } from 'react';
import { useAccountSession } from '../use-account-session.ts';
import { useWalletContext } from '../wallet-boundary.tsx';
import { walletStore } from '../wallet-store.ts';
import { transactionJournal } from './transaction-journal.ts';
import { type CallSource, type JournalEntry, openStatuses, type TransactionState } from './types.ts';
import { useJournal } from './use-journal.ts';

export type UseContractTransaction = {
  state: TransactionState;
  /** True from preparing until the transaction is final, replaced, cancelled, declined or failed. */
  busy: boolean;
  /** Simulates, asks the wallet and sends; the journal follows. Without a session or wallet it opens the wallet list instead. */
  send: (call: CallSource) => Promise<void>;
};

const idle: TransactionState = { status: 'idle' };

/**
 * One wallet transaction from click to final: the one way in which pages write to the chain. `storageKey` names it on this
 * chain ("claim.7"): after a reload, or on another page, the journal finds it and goes on. `onFinal` runs once when it is
 * final; what the page then shows comes from the server, which reads the chain itself.
 */
export function useContractTransaction(options: {
  storageKey: string;
  /** What the list of transactions calls it. */
  title: string;
  onFinal?: (state: Extract<TransactionState, { status: 'final' }>) => void;
}): UseContractTransaction {
  const { storageKey, title } = options;
  const { config } = useWalletContext();
  const { address } = useAccountSession();
  const [local, setLocal] = useState<TransactionState>(idle);
  const entry = useWatchedEntry(storageKey, address);
  const onFinal = useRef(options.onFinal);
  onFinal.current = options.onFinal;
  const end = entry?.state.status === 'final' ? entry.state : null;
  const endHash = end?.hash;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each transaction, however often its entry is read
  useEffect(() => {
    if (end) onFinal.current?.(end);
  }, [endHash]);

  const send: UseContractTransaction['send'] = async (call) => {
    if (!address || walletStore.get().status !== 'connected') {
      walletStore.request('connect');
      return;
    }
    setLocal({ status: 'preparing' });
    const stored = await sendThroughJournal(config, { key: storageKey, title, account: address }, call, setLocal);
    if (stored) setLocal(idle);
  };
  const state = local.status === 'idle' ? (entry?.state ?? idle) : local;
  return { state, busy: openStatuses.has(state.status), send };
}

/** The newest entry under a key, as long as it is open, and afterwards as long as the reader who saw it open stays. */
function useWatchedEntry(key: string, account: string | null): JournalEntry | undefined {
  const newest = useJournal().find((entry) => entry.key === key && entry.account.toLowerCase() === account);
  const seenOpen = useRef<string | null>(null);
  if (newest && openStatuses.has(newest.state.status)) seenOpen.current = newest.id;
  return newest && newest.id === seenOpen.current ? newest : undefined;
}

/** Sends and keeps the entry up to the hash. False when it ended before the wallet was asked; then `onState` has said why. */
async function sendThroughJournal(
  config: Parameters<typeof import('./send-transaction.ts').sendTransaction>[0],
  about: Pick<JournalEntry, 'key' | 'title' | 'account'>,
  source: CallSource,
  onState: (state: TransactionState) => void,
): Promise<boolean> {
  const [{ sendTransaction, DeclinedError }, { askingHere }] = await Promise.all([
    import('./send-transaction.ts'),
    import('./follow-transactions.ts'),
  ]);
  const { chainId } = config;
  const id = randomId();
  let asked = false;
  try {
    const hash = await sendTransaction(config, about.account, source, {
      onState,
      onAsk: ({ networkFee, ...facts }) => {
        asked = true;
        askingHere.add(id);
        const state: TransactionState = { status: 'in-wallet', networkFee };
        const href = location.pathname + location.search;
        transactionJournal.save(chainId, { id, ...about, ...facts, href, askedAtMs: Date.now(), nonce: null, state });
        onState(idle);
      },
    });
    transactionJournal.update(chainId, id, { state: { status: 'sent', hash } });
    return true;
  } catch (error) {
    const end: TransactionState =
      error instanceof DeclinedError ? { status: 'declined' } : { status: 'failed', reason: (error as Error).message };
    if (asked) transactionJournal.update(chainId, id, { state: end });
    else onState(end);
    return asked;
  } finally {
    askingHere.delete(id);
  }
}

/** Not randomUUID, which browsers offer to secure origins only: an installation in a local network has none. */
const randomId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
