import 'server-only';
import { desc } from 'drizzle-orm';
import { chainBlocks, heartbeats } from '#db/schema/settlement.ts';
import type { Deps } from '#lib/platform/deps.ts';

/** A process whose heartbeat is older than this is down (it beats every 2 s). */
export const heartbeatMaxAgeMs = 10_000;

export type Liveness = { process: string; up: boolean; ageMs: number; facts: Record<string, string | number> };

/** The long-running processes that ever reported, with the age of their last sign of life. */
export async function listLiveness(deps: Pick<Deps, 'db' | 'now'>): Promise<Liveness[]> {
  const rows = await deps.db.select().from(heartbeats);
  return rows.map((row) => {
    const ageMs = deps.now().getTime() - row.seenAt.getTime();
    return { process: row.process, up: ageMs <= heartbeatMaxAgeMs, ageMs, facts: row.facts };
  });
}

/** Newest block that the indexer has taken in, or null before the first. */
export async function findIndexedBlock(deps: Pick<Deps, 'db'>): Promise<number | null> {
  const [row] = await deps.db
    .select({ number: chainBlocks.number })
    .from(chainBlocks)
    .orderBy(desc(chainBlocks.number))
    .limit(1);
  return row?.number ?? null;
}
