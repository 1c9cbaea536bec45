'use client';

import { useSyncExternalStore } from 'react';
import { type WalletState, walletStore } from './wallet-store.ts';

const off: WalletState = { status: 'off', address: null, chainId: null };

/** The wallet as it is now, without loading anything. `connect` opens the wallet list (loading the code first). */
export function useWallet(): WalletState & { connect: () => void; openAccount: () => void } {
  const state = useSyncExternalStore(walletStore.subscribe, walletStore.get, () => off);
  return { ...state, connect: openConnect, openAccount };
}

const openConnect = () => walletStore.request('connect');
const openAccount = () => walletStore.request('account');
