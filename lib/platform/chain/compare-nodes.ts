import type { PublicClient } from 'viem';
import type { Env } from '../env.ts';
import { createChainClient } from './client.ts';

/** Younger blocks may be replaced, so two honest nodes can differ in them for a moment. */
const settledBlocks = 8;
/** Further behind than this a node is stuck, not late. */
const lagMax = 64;

/**
 * What is wrong with the two nodes, in a sentence, or null: one does not answer, one lags, they are on different chains, or
 * they have different blocks at the same height, in which case one of them lies or follows a fork and nothing that depends
 * on the chain can be trusted. Null also when there is one node only.
 */
export async function compareNodes(env: Pick<Env, 'CHAIN_ID' | 'RPC_URL' | 'RPC_URL_SECOND'>): Promise<string | null> {
  if (!env.RPC_URL_SECOND) return null;
  const nodes = [env.RPC_URL, env.RPC_URL_SECOND].map((url, i) => ({
    name: i === 0 ? 'RPC_URL' : 'RPC_URL_SECOND',
    chain: createChainClient({ CHAIN_ID: env.CHAIN_ID, RPC_URL: url }),
  }));
  const heads = await Promise.all(nodes.map(({ chain }) => headOf(chain)));
  const silent = heads.indexOf(null);
  if (silent >= 0) return `${nodes[silent]!.name} does not answer; everything is read from the other node.`;
  const [first, second] = heads as [Head, Head];
  for (const [i, { chainId }] of [first, second].entries()) {
    if (chainId !== env.CHAIN_ID) return `${nodes[i]!.name} serves chain ${chainId}, not ${env.CHAIN_ID}.`;
  }
  const apart = first.block - second.block;
  if (Math.abs(apart) > lagMax) {
    return `${nodes[apart > 0 ? 1 : 0]!.name} is ${Math.abs(apart)} blocks behind the other node.`;
  }
  const height = Math.max(0, Math.min(first.block, second.block) - settledBlocks);
  const [ours, theirs] = await Promise.all(
    nodes.map(async ({ chain }) => (await chain.getBlock({ blockNumber: BigInt(height) })).hash),
  );
  return ours === theirs ? null : `The two nodes have different blocks at height ${height}: ${ours} and ${theirs}.`;
}

type Head = { chainId: number; block: number };

async function headOf(chain: PublicClient): Promise<Head | null> {
  try {
    const [chainId, block] = await Promise.all([chain.getChainId(), chain.getBlockNumber()]);
    return { chainId, block: Number(block) };
  } catch {
    return null;
  }
}
