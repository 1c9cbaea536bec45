import 'server-only';
import { sql } from 'drizzle-orm';
import type { Deps } from '#lib/platform/deps.ts';
import { findIndexedBlock, type Liveness, listLiveness } from './chain-state.ts';
import { buildDeps } from './deps.ts';

type Part = { status: 'up' | 'down'; [fact: string]: string | number | null };
export type HealthReport = {
  status: 'up' | 'down';
  checkedAt: string;
  parts: { database: Part; chain: Part; worker: Part; serve: Part; indexer: Part };
};

const answerWithinMs = 2_000;

/** Asks the database and the chain now, and reads the heartbeats of the other processes (down after 10 s of silence). */
export async function checkHealth(): Promise<HealthReport> {
  const deps = buildDeps();
  const [database, chain, liveness, indexed] = await Promise.all([
    probe(async () => {
      await deps.db.execute(sql`select 1`);
      return {};
    }),
    probe(() => askChain(deps)),
    listLiveness(deps).catch((): Liveness[] => []),
    findIndexedBlock(deps).catch(() => null),
  ]);
  const parts = {
    database,
    chain,
    worker: partOf(liveness, 'jobs'),
    serve: partOf(liveness, 'serve'),
    indexer: withLag(partOf(liveness, 'index'), indexed, chain),
  };
  const up = Object.values(parts).every((part) => part.status === 'up');
  return { status: up ? 'up' : 'down', checkedAt: deps.now().toISOString(), parts };
}

async function askChain(deps: Deps): Promise<Record<string, number>> {
  const [chainId, block] = await Promise.all([deps.chain.getChainId(), deps.chain.getBlockNumber()]);
  if (chainId !== deps.env.CHAIN_ID) throw new Error(`chain id is ${chainId}, expected ${deps.env.CHAIN_ID}`);
  return { chainId, block: Number(block) };
}

/** A part that answers within two seconds is up. The reason of a failure stays short: connection texts carry addresses. */
async function probe(ask: () => Promise<Record<string, string | number>>): Promise<Part> {
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), answerWithinMs);
  });
  try {
    const facts = await Promise.race([ask(), late]);
    return { status: 'up', ms: Math.round(performance.now() - started), ...facts };
  } catch (error) {
    const text = (error as Error).message;
    return { status: 'down', reason: /chain id|in time/.test(text) ? text : 'does not answer' };
  } finally {
    clearTimeout(timer);
  }
}

function partOf(liveness: readonly Liveness[], process: string): Part {
  const entry = liveness.find((candidate) => candidate.process === process);
  if (!entry) return { status: 'down', reason: 'never reported' };
  if (!entry.up) return { status: 'down', reason: `silent for ${Math.round(entry.ageMs / 1000)} s` };
  return { status: 'up', seenMsAgo: entry.ageMs, ...entry.facts };
}

function withLag(indexer: Part, indexed: number | null, chain: Part): Part {
  const head = typeof chain.block === 'number' ? chain.block : null;
  return { ...indexer, height: indexed, lag: head !== null && indexed !== null ? Math.max(0, head - indexed) : null };
}
