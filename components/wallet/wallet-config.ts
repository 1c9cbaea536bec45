import type { Address } from 'viem';

/**
 * What the browser must know of the chain; the server layout passes it, because settings are known only at run time.
 * Plain data, so that it crosses from server to client.
 */
export type WalletConfig = {
  chainId: number;
  chainName: string;
  currency: { name: string; symbol: string; decimals: number };
  rpcUrl: string;
  explorerUrl: string | null;
  walletConnectProjectId: string | null;
  addresses: {
    openToken: Address;
    faucet: Address | null;
    datanetRegistry: Address;
    modelRegistry: Address;
    inferenceChannels: Address;
    revenueRouter: Address;
    attributionLedger: Address;
    /** Absent where the contracts were deployed before they existed. */
    stakePools?: Address | undefined;
    governanceOpen?: Address | undefined;
    openGovernor?: Address | undefined;
    params?: Address | undefined;
    bounties?: Address | undefined;
  };
  /** Seconds between the request of a withdrawal from a payment channel and the money; bound into new channels. */
  channelDelaySeconds: number;
  /** Blocks on top of a transaction's block from which we call it final. */
  confirmations: number;
};

const names: Record<number, string> = {
  1: 'Ethereum',
  10: 'OP Mainnet',
  56: 'BNB Smart Chain',
  137: 'Polygon',
  8453: 'Base',
  42161: 'Arbitrum One',
  11155111: 'Sepolia',
};

/** What a wallet's network is called: ours by its own name, the great ones by theirs, others by their number. */
export function networkName(config: Pick<WalletConfig, 'chainId' | 'chainName'>, chainId: number): string {
  if (chainId === config.chainId) return config.chainName;
  return names[chainId] ?? `chain ${chainId}`;
}
