import { setTimeout as sleep } from 'node:timers/promises';
import { heartbeats } from '#db/schema/settlement.ts';
import type { Deps } from '#lib/platform/deps.ts';

export type ProcessName = 'jobs' | 'serve' | 'index';
export type HeartbeatFacts = Record<string, string | number>;

const intervalMs = 2_000;

/**
 * Says every two seconds in `heartbeats` that the process lives, with its facts (GET /api/health reads them), until
 * `signal` aborts. A database that is away is no reason to die: the row ages meanwhile, which is the truth.
 */
export async function beat(
  deps: Pick<Deps, 'db' | 'log' | 'now'>,
  process_: ProcessName,
  facts: () => HeartbeatFacts | Promise<HeartbeatFacts>,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = deps.now();
  while (!signal.aborted) {
    try {
      const row = { process: process_, pid: process.pid, startedAt, seenAt: deps.now(), facts: await facts() };
      await deps.db.insert(heartbeats).values(row).onConflictDoUpdate({ target: heartbeats.process, set: row });
    } catch (err) {
      deps.log.warn({ err }, 'no heartbeat written');
    }
    await sleep(intervalMs, undefined, { signal }).catch(() => {});
  }
}
