import { type Chain, defineChain } from 'viem';

const open = { name: 'OPEN', symbol: 'OPEN', decimals: 18 };

/** anvil's chain, kept under .data/ by the launcher. */
export const devnet = defineChain({
  id: 31_337,
  name: 'OpenLedger devnet',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: ['http://127.0.0.1:8545'] } },
  testnet: true,
});

export const openledgerTestnet = defineChain({
  id: 161_201,
  name: 'OpenLedger testnet',
  nativeCurrency: open,
  rpcUrls: { default: { http: [] } }, // RPC_URL names it
  testnet: true,
});

/** The same as `openledger` of viem/chains, without loading the other 700 definitions. */
export const openledger = defineChain({
  id: 1_612,
  name: 'OpenLedger',
  nativeCurrency: open,
  rpcUrls: { default: { http: ['https://rpc.openledger.xyz'] } },
  blockExplorers: { default: { name: 'OpenLedger Explorer', url: 'https://scan.openledger.xyz' } },
});

const known: readonly Chain[] = [devnet, openledgerTestnet, openledger];

/** Definition of the configured chain with the configured RPC address; an unknown id gets a plain definition. */
export function chainOf(chainId: number, rpcUrl: string): Chain {
  const base = known.find((chain) => chain.id === chainId) ?? {
    id: chainId,
    name: `Chain ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  };
  return defineChain({ ...base, rpcUrls: { default: { http: [rpcUrl] } } });
}
