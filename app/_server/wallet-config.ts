import 'server-only';
import type { WalletConfig } from '#components/wallet/wallet-config.ts';
import { chainOf } from '#lib/platform/chain/chains.ts';
import { devnetChainId } from '#lib/platform/env.ts';
import { buildDeps } from './deps.ts';

/** What the browser is told of the chain: addresses and the RPC, never a secret. */
export function getWalletConfig(): WalletConfig {
  const { env, deployment } = buildDeps();
  const chain = chainOf(env.CHAIN_ID, env.RPC_URL);
  const { faucet, ...addresses } = deployment.addresses;
  return {
    chainId: chain.id,
    chainName: chain.name,
    currency: chain.nativeCurrency,
    rpcUrl: env.RPC_URL,
    explorerUrl: chain.blockExplorers?.default.url ?? null,
    walletConnectProjectId: env.WALLETCONNECT_PROJECT_ID ?? null,
    addresses: { ...addresses, faucet: faucet ?? null },
    // Time for the gateway to claim what was used; the contract's least on the devnet, where people want to see it end.
    channelDelaySeconds: chain.id === devnetChainId ? 900 : 86_400,
    // The devnet mines only when there is a transaction: a second block would never come.
    confirmations: chain.id === devnetChainId ? 1 : 3,
  };
}
