'use client';

import { useCallback } from 'react';
import { signOut as signOutOnServer } from './auth-client.ts';
import { useWalletContext } from './wallet-boundary.tsx';
import { walletStore } from './wallet-store.ts';

export type AccountSession = {
  /** Account that the server knows as signed in, lower-case; null for a visitor. */
  address: `0x${string}` | null;
  /** Opens the wallet list; signing in is its second step. */
  signIn: () => void;
  signOut: () => Promise<void>;
};

/** Who is signed in, as the server sees it. Needs no wallet code. */
export function useAccountSession(): AccountSession {
  const { session, onSession } = useWalletContext();
  const signIn = useCallback(() => walletStore.request('connect'), []);
  const signOut = useCallback(async () => {
    await signOutOnServer();
    if (walletStore.get().status === 'connected') (await walletStore.handlers()).disconnect();
    onSession(null);
  }, [onSession]);
  return { address: session, signIn, signOut };
}
