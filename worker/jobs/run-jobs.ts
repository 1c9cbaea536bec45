import { sql } from 'drizzle-orm';
import type { JobName, Jobs } from '#lib/platform/queue/job-queue.ts';
import { deadLetterQueue } from '#lib/platform/queue/start-queue.ts';
import type { WorkerDeps } from '../deps.ts';
import { beat, type HeartbeatFacts } from '../heartbeat.ts';
import { repeat } from '../repeat.ts';
import { closeAttribution } from './attribute-inference.ts';
import { type JobHandler, jobRegistry } from './registry.ts';
import { bringUpSampleModel } from './sample-model.ts';
import { sweep } from './sweep.ts';

const sweepPauseMs = 3_000;

/** Works jobs off and sweeps until `signal` aborts; running handlers see the signal and end at a safe point. */
export async function runJobs(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  for (const name of Object.keys(jobRegistry) as JobName[]) await workOn(deps, name, signal);
  await Promise.all([
    beat(deps, 'jobs', () => queueFacts(deps), signal),
    repeat({ name: 'sweeping', pauseMs: sweepPauseMs, signal, log: deps.log }, async () => {
      await sweep(deps);
      return {};
    }),
    bringUpSampleModel(deps, signal),
  ]);
  await closeAttribution();
}

async function workOn<N extends JobName>(deps: WorkerDeps, name: N, signal: AbortSignal): Promise<void> {
  const entry = jobRegistry[name];
  const handle = entry.handle as JobHandler<N>;
  const options = { batchSize: 1, pollingIntervalSeconds: 0.5, localConcurrency: entry.concurrency };
  await deps.boss.work<Jobs[N]>(name, options, async ([job]) => {
    if (!job) return;
    const begun = performance.now();
    try {
      await handle(deps, job.data, AbortSignal.any([signal, job.signal]));
      deps.log.debug({ job: name, payload: job.data as object, ms: Math.round(performance.now() - begun) }, 'job done');
    } catch (err) {
      deps.log.warn({ job: name, payload: job.data as object, err }, 'job failed');
      throw err;
    }
  });
}

/** Jobs by state, and those that failed for good: shown on the status page. */
async function queueFacts(deps: WorkerDeps): Promise<HeartbeatFacts> {
  const { rows } = await deps.db.execute<{ waiting: number; active: number; dead: number }>(sql`
    select count(*) filter (where name <> ${deadLetterQueue} and state in ('created', 'retry'))::int as waiting,
      count(*) filter (where name <> ${deadLetterQueue} and state = 'active')::int as active,
      count(*) filter (where name = ${deadLetterQueue} and state in ('created', 'retry'))::int as dead
    from pgboss.job`);
  return rows[0] ?? {};
}
