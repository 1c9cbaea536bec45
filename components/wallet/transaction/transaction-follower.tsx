'use client';

import { useEffect } from 'react';
import { useWalletContext } from '../wallet-boundary.tsx';
import { openStatuses } from './types.ts';
import { useJournal } from './use-journal.ts';

/** Stands once in the frame and draws nothing: while a transaction is open, it is followed on whatever page one is. */
export function TransactionFollower() {
  const { config } = useWalletContext();
  const isOpen = useJournal().some(({ state }) => openStatuses.has(state.status));
  useEffect(() => {
    if (isOpen) import('./follow-transactions.ts').then(({ followTransactions }) => followTransactions(config));
  }, [isOpen, config]);
  return null;
}
