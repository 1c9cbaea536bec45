'use client';

import { useCallback, useSyncExternalStore } from 'react';
import { useWalletContext } from '../wallet-boundary.tsx';
import { transactionJournal } from './transaction-journal.ts';
import type { JournalEntry } from './types.ts';

const none: readonly JournalEntry[] = [];

/** This browser's transactions on the configured chain, newest first; empty in the server's HTML. */
export function useJournal(): readonly JournalEntry[] {
  const { chainId } = useWalletContext().config;
  const list = useCallback(() => transactionJournal.list(chainId), [chainId]);
  return useSyncExternalStore(transactionJournal.subscribe, list, () => none);
}
