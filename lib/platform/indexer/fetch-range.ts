import { erc20Abi, getAbiItem, type Log, type PublicClient } from 'viem';
import type { chainBlocks } from '#db/schema/settlement.ts';
import type { Deployment } from '../deployment.ts';
import { contractsOf, foreignTokens } from './contracts.ts';
import { type ChainEvent, decodeLog } from './decode-log.ts';

export type IndexedBlock = typeof chainBlocks.$inferSelect;
export type IndexedRange = { blocks: IndexedBlock[]; events: ChainEvent[] };

const transferEvent = getAbiItem({ abi: erc20Abi, name: 'Transfer' });

/** The chain changed while a range was read, or does not continue what is stored. The next step looks for the fork. */
export class RangeChangedError extends Error {}

/**
 * Events of our contracts in blocks `from`..`to` with the blocks that carry them, and the block `to`. Of the token only
 * transfers to the router are read: nothing else of it moves our money outside our contracts' own events.
 * Throws RangeChangedError when the parts do not fit together or `from` does not follow `parentHash`.
 */
export async function fetchRange(
  deps: { chain: PublicClient; deployment: Deployment },
  range: { from: number; to: number; parentHash: string | null },
): Promise<IndexedRange> {
  const { chain, deployment } = deps;
  const blockRange = { fromBlock: BigInt(range.from), toBlock: BigInt(range.to) };
  const contracts = contractsOf(deployment);
  const { openToken, revenueRouter } = deployment.addresses;
  const own = [...contracts.values()].filter(({ name }) => !foreignTokens.has(name)).map(({ address }) => address);
  const [first, last, logs, transfers] = await Promise.all([
    fetchBlock(chain, range.from),
    fetchBlock(chain, range.to),
    chain.getLogs({ address: own, ...blockRange }),
    chain.getLogs({ address: openToken, event: transferEvent, args: { to: revenueRouter }, ...blockRange }),
  ]);
  if (range.parentHash !== null && first.parentHash !== range.parentHash) throw new RangeChangedError('parent differs');
  const events = [...logs, ...(transfers as Log<bigint, number, false>[])]
    .map((log) => decodeLog(log, contracts))
    .filter((event) => event !== null)
    .sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
  const numbers = [...new Set(events.map((event) => event.blockNumber))].filter((number) => number !== range.to);
  const blocks = [...(await Promise.all(numbers.map((number) => fetchBlock(chain, number)))), last];
  const hashes = new Map(blocks.map((block) => [block.number, block.hash]));
  if (events.some((event) => hashes.get(event.blockNumber) !== event.blockHash))
    throw new RangeChangedError('logs moved');
  if ((await fetchBlock(chain, range.to)).hash !== last.hash) throw new RangeChangedError('the end moved');
  return { blocks, events };
}

export async function fetchBlock(chain: PublicClient, number: number): Promise<IndexedBlock> {
  const block = await chain.getBlock({ blockNumber: BigInt(number) });
  const { hash, parentHash } = block;
  return { number, hash, parentHash, timestamp: Number(block.timestamp) };
}
