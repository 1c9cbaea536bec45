import { connectorsForWallets } from '@rainbow-me/rainbowkit';
import { injectedWallet, walletConnectWallet } from '@rainbow-me/rainbowkit/wallets';
import { defineChain } from 'viem';
import { type Config, createConfig, http } from 'wagmi';
import type { WalletConfig } from './wallet-config.ts';

/**
 * wagmi for the configured chain. Wallets that announce themselves (EIP-6963) are always offered; WalletConnect only with a
 * project id, because it speaks to servers of others.
 */
export function createWagmiConfig(config: WalletConfig): Config {
  const chain = defineChain({
    id: config.chainId,
    name: config.chainName,
    nativeCurrency: config.currency,
    rpcUrls: { default: { http: [config.rpcUrl] } },
    ...(config.explorerUrl && { blockExplorers: { default: { name: 'Explorer', url: config.explorerUrl } } }),
  });
  const { walletConnectProjectId } = config;
  const connectors = connectorsForWallets(
    [
      {
        groupName: 'Wallets',
        wallets: walletConnectProjectId ? [injectedWallet, walletConnectWallet] : [injectedWallet],
      },
    ],
    { appName: 'OpenLedger', projectId: walletConnectProjectId ?? 'not-configured' },
  );
  return createConfig({
    chains: [chain],
    connectors,
    transports: { [chain.id]: http(config.rpcUrl) },
    multiInjectedProviderDiscovery: true,
    // Otherwise wagmi reconnects at every render of its provider, and each reconnection causes the next render.
    ssr: true,
  });
}
