'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { useAccountSession } from '../use-account-session.ts';
import { useWalletContext } from '../wallet-boundary.tsx';
import { walletStore } from '../wallet-store.ts';
import { forgetTransaction, readTransaction, saveTransaction } from './transaction-record.ts';
import type { CallSource, TransactionState } from './types.ts';

export type UseContractTransaction = {
  state: TransactionState;
  /** True from preparing until the transaction is final, replaced, declined or failed. */
  busy: boolean;
  /** Simulates, asks the wallet, sends and follows. Without a session or wallet it opens the wallet list instead. */
  send: (call: CallSource) => Promise<TransactionState>;
  reset: () => void;
};

const running = new Set<TransactionState['status']>(['preparing', 'in-wallet', 'sent', 'included']);

/**
 * One wallet transaction from click to final. `storageKey` names it on this chain ("claim:rp_…"): a reload finds it and goes
 * on. `onFinal` runs once when it is final; what the page then shows comes from the server, which reads the chain itself.
 */
export function useContractTransaction(options: {
  storageKey: string;
  onFinal?: (state: Extract<TransactionState, { status: 'final' }>) => void;
}): UseContractTransaction {
  const { storageKey } = options;
  const { config } = useWalletContext();
  const { address } = useAccountSession();
  const [state, setState] = useState<TransactionState>({ status: 'idle' });
  const onFinal = useRef(options.onFinal);
  onFinal.current = options.onFinal;

  const watch = useCallback(
    async (hash: `0x${string}`) => {
      setState({ status: 'sent', hash });
      const { watchTransaction } = await import('./watch-transaction.ts');
      const end = await watchTransaction(config, hash, setState);
      setState(end);
      if (end.status !== 'sent') forgetTransaction(config.chainId, storageKey);
      if (end.status === 'final') onFinal.current?.(end);
      return end;
    },
    [config, storageKey],
  );

  useEffect(() => {
    const record = readTransaction(config.chainId, storageKey);
    if (record) watch(record.hash);
  }, [config.chainId, storageKey, watch]);

  const send: UseContractTransaction['send'] = async (call) => {
    if (!address || walletStore.get().status !== 'connected') {
      walletStore.request('connect');
      return { status: 'idle' };
    }
    setState({ status: 'preparing' });
    const { sendTransaction, DeclinedError } = await import('./send-transaction.ts');
    try {
      const hash = await sendTransaction(config, address, call, setState);
      saveTransaction(config.chainId, storageKey, { hash, sentAtMs: Date.now() });
      return await watch(hash);
    } catch (error) {
      const end: TransactionState =
        error instanceof DeclinedError
          ? { status: 'declined' }
          : { status: 'failed', reason: (error as Error).message };
      setState(end);
      return end;
    }
  };
  return { state, busy: running.has(state.status), send, reset: () => setState({ status: 'idle' }) };
}
