import { createPublicClient, fallback, http, type PublicClient } from 'viem';
import type { Env } from '../env.ts';
import { chainOf } from './chains.ts';

/**
 * Reads from the configured chain. Nothing is cached (viem caches `eth_blockNumber` for seconds otherwise): settlement
 * and indexer must see what is there now. With a second node every request that the first cannot answer goes to it; a
 * contract's refusal is an answer. What two nodes say differently shows as a reorg to whoever reads ranges.
 */
export function createChainClient(
  env: Pick<Env, 'CHAIN_ID' | 'RPC_URL'> & Partial<Pick<Env, 'RPC_URL_SECOND'>>,
): PublicClient {
  const nodes = env.RPC_URL_SECOND ? [env.RPC_URL, env.RPC_URL_SECOND] : [env.RPC_URL];
  const transports = nodes.map((url) =>
    http(url, { retryCount: 2, retryDelay: 200, timeout: 15_000, batch: { batchSize: 50, wait: 0 } }),
  );
  return createPublicClient({
    chain: chainOf(env.CHAIN_ID, env.RPC_URL),
    transport: transports.length > 1 ? fallback(transports, { retryCount: 0 }) : transports[0]!,
    cacheTime: 0,
    pollingInterval: 500,
  });
}
