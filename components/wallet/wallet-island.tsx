'use client';

import '@rainbow-me/rainbowkit/styles.css';
import {
  type AuthenticationStatus,
  RainbowKitAuthenticationProvider,
  RainbowKitProvider,
  useAccountModal,
  useConnectModal,
} from '@rainbow-me/rainbowkit';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useAccount, useConfig, useDisconnect, WagmiProvider } from 'wagmi';
import { rainbowTheme } from './rainbow-theme.ts';
import { useSiweAdapter } from './use-siwe-adapter.ts';
import { createWagmiConfig } from './wagmi-config.ts';
import type { WalletConfig } from './wallet-config.ts';
import { walletStore } from './wallet-store.ts';

type IslandProps = {
  config: WalletConfig;
  session: `0x${string}` | null;
  onSession: (address: `0x${string}` | null) => void;
};

/** wagmi, RainbowKit and their dialogs. Loaded only when a wallet is asked for; the page talks to it by walletStore. */
export function WalletIsland({ config, session, onSession }: IslandProps) {
  const [wagmi] = useState(() => createWagmiConfig(config));
  const [queries] = useState(() => new QueryClient());
  const [theme] = useState(rainbowTheme);
  const adapter = useSiweAdapter(config.chainId, onSession);
  const status: AuthenticationStatus = session ? 'authenticated' : 'unauthenticated';
  return (
    <WagmiProvider config={wagmi}>
      <QueryClientProvider client={queries}>
        <RainbowKitAuthenticationProvider adapter={adapter} status={status}>
          <RainbowKitProvider theme={theme} modalSize="compact" appInfo={{ appName: 'OpenLedger' }}>
            <Bridge session={session} signOut={adapter.signOut} />
          </RainbowKitProvider>
        </RainbowKitAuthenticationProvider>
      </QueryClientProvider>
    </WagmiProvider>
  );
}

/** Mirrors the wallet into walletStore, opens the dialog that was asked for, and ends the session of another account. */
function Bridge({ session, signOut }: { session: `0x${string}` | null; signOut: () => Promise<void> }) {
  const { status, address, chainId } = useAccount();
  const config = useConfig();
  const { disconnect } = useDisconnect();
  const { openConnectModal } = useConnectModal();
  const { openAccountModal } = useAccountModal();
  const [settled, setSettled] = useState(false);

  useEffect(() => {
    const mapped = status === 'reconnecting' ? 'connecting' : status;
    walletStore.set({ status: mapped, address: address ?? null, chainId: chainId ?? null });
  }, [status, address, chainId]);

  useEffect(() => {
    if (status !== 'connected' && status !== 'disconnected') return;
    // "Disconnected" is also the state of the moments before wagmi looks for the wallet of last time, longer where there is one.
    const timer = setTimeout(() => setSettled(true), status === 'disconnected' && session ? 1_500 : 50);
    return () => clearTimeout(timer);
  }, [status, session]);

  useEffect(() => {
    // Who asked for a signature while the wallet is coming back would be refused it, and asked to connect again.
    if (!settled) return;
    walletStore.register({
      config,
      openConnect: () => openConnectModal?.(),
      openAccount: () => (openAccountModal ?? openConnectModal)?.(),
      disconnect: () => disconnect(),
    });
    if (!(openConnectModal || openAccountModal)) return;
    const intent = walletStore.takeIntent();
    if (intent === 'connect') openConnectModal?.();
    if (intent === 'account') (openAccountModal ?? openConnectModal)?.();
  }, [config, disconnect, openConnectModal, openAccountModal, settled]);

  useEffect(() => {
    if (session && address && status === 'connected' && address.toLowerCase() !== session) signOut();
  }, [session, address, status, signOut]);
  return null;
}
