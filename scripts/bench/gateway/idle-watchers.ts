import { eq, sql } from 'drizzle-orm';
import { trainingRuns } from '#db/schema/models.ts';
import { devnetAccount } from '#db/seed/devnet-accounts.ts';
import { cpuSecondsOf } from './cpu-seconds-of.ts';
import type { Installation } from './installation.ts';

const perKey = 100; // the route lets an account open 120 a minute

/**
 * Share of one core that the web process uses while `watchers` follow a run that says nothing, less what it uses without them.
 * The run is a row that no worker takes up; it is removed afterwards.
 */
export async function measureIdleWatchers(
  place: Installation,
  input: { watchers: number; seconds: number },
): Promise<{ idle: number; watched: number }> {
  if (place.webPid === null) throw new Error('the web process is not known');
  const runId = await insertSilentRun(place);
  const gone = new AbortController();
  try {
    const idle = await coreShare(place.webPid, input.seconds);
    const open = [];
    for (let first = 0; first < input.watchers; first += perKey) {
      const apiKey = await place.keyOf(devnetAccount(30 + first / perKey).address.toLowerCase() as `0x${string}`);
      const count = Math.min(perKey, input.watchers - first);
      for (let i = 0; i < count; i++) open.push(watch(`${place.url}/runs/${runId}/events`, apiKey, gone.signal));
      await Promise.all(open);
    }
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    return { idle, watched: await coreShare(place.webPid, input.seconds) };
  } finally {
    gone.abort();
    await place.db.execute(sql`delete from training_events where run_id = ${runId}`);
    await place.db.delete(trainingRuns).where(eq(trainingRuns.id, runId));
  }
}

/** Resolves once the stream is open; it is read until the end of the measurement. */
async function watch(url: string, apiKey: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${apiKey}` }, signal });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const read = async () => {
    const reader = response.body!.getReader();
    while (!(await reader.read()).done);
  };
  read().catch(() => {}); // it ends by the signal
}

async function insertSilentRun(place: Installation): Promise<string> {
  const [like] = await place.db.select().from(trainingRuns).limit(1);
  if (!like) throw new Error('there is no run to copy');
  const id = `run_bench${Date.now()}`;
  const leaseUntil = new Date(Date.now() + 3_600_000);
  await place.db.insert(trainingRuns).values({
    ...{ ...like, id, status: 'running', leaseOwner: 'bench', leaseUntil, idempotencyKey: id, endedAt: null },
  });
  return id;
}

/** CPU seconds a second of a process. */
async function coreShare(pid: number, seconds: number): Promise<number> {
  const [before, start] = [cpuSecondsOf(pid), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return (cpuSecondsOf(pid) - before) / ((performance.now() - start) / 1000);
}
