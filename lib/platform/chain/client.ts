import { createPublicClient, http, type PublicClient } from 'viem';
import type { Env } from '../env.ts';
import { chainOf } from './chains.ts';

/**
 * Reads from the configured chain. Nothing is cached (viem caches `eth_blockNumber` for seconds otherwise): settlement
 * and indexer must see what is there now.
 */
export function createChainClient(env: Pick<Env, 'CHAIN_ID' | 'RPC_URL'>): PublicClient {
  return createPublicClient({
    chain: chainOf(env.CHAIN_ID, env.RPC_URL),
    transport: http(env.RPC_URL, {
      retryCount: 2,
      retryDelay: 200,
      timeout: 15_000,
      batch: { batchSize: 50, wait: 0 },
    }),
    cacheTime: 0,
    pollingInterval: 500,
  });
}
