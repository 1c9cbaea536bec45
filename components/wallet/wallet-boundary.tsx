'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import type { WalletConfig } from './wallet-config.ts';
import { walletStore } from './wallet-store.ts';

const WalletIsland = dynamic(() => import('./wallet-island.tsx').then((module) => module.WalletIsland), { ssr: false });

type WalletContextValue = {
  config: WalletConfig;
  /** Account that is signed in on the server, lower-case, or null. */
  session: `0x${string}` | null;
  /** Tells the page that the server's session changed. */
  onSession: (address: `0x${string}` | null) => void;
};

const WalletContext = createContext<WalletContextValue | null>(null);

/** Chain settings and session for everything below. @throws outside of WalletBoundary. */
export function useWalletContext(): WalletContextValue {
  const value = use(WalletContext);
  if (!value) throw new Error('useWalletContext is used outside of WalletBoundary');
  return value;
}

/**
 * Stands once in the layout. Gives chain settings and session to the page, and mounts the wallet island beside the page,
 * never around it, so that loading it disturbs nothing that the reader has typed.
 */
export function WalletBoundary({
  config,
  session: serverSession,
  children,
}: {
  config: WalletConfig;
  session: `0x${string}` | null;
  children: ReactNode;
}) {
  const router = useRouter();
  const [session, setSession] = useState(serverSession);
  useEffect(() => setSession(serverSession), [serverSession]);
  const onSession = useCallback(
    (address: `0x${string}` | null) => {
      setSession(address);
      router.refresh();
    },
    [router],
  );
  const isAsked = useSyncExternalStore(
    walletStore.subscribe,
    () => walletStore.get().status !== 'off',
    () => false,
  );
  useEffect(() => {
    if (!session) return;
    const later = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500));
    later(() => walletStore.request());
  }, [session]);
  const value = useMemo(() => ({ config, session, onSession }), [config, session, onSession]);
  return (
    <WalletContext value={value}>
      {children}
      {isAsked && <WalletIsland config={config} session={session} onSession={onSession} />}
    </WalletContext>
  );
}
