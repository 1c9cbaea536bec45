import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { trainingEvents, trainingRuns } from '#db/schema/models.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { openStatuses } from './rules.ts';

export const leaseMs = 15_000;
type LeaseDeps = Pick<Deps, 'db' | 'now'>;
type TransactionDeps = Pick<Deps, 'now'> & { db: DatabaseOrTransaction };
export type LeasedRun = typeof trainingRuns.$inferSelect;

/**
 * Takes a run for this worker, or returns null when it is not waiting or another worker holds it. A run whose worker was
 * killed has an old lease and is taken over.
 */
export async function takeRun(deps: LeaseDeps, runId: string, workerId: string): Promise<LeasedRun | null> {
  const now = deps.now();
  const [run] = await deps.db
    .update(trainingRuns)
    .set({
      status: sql`case when ${trainingRuns.status} in ('stopping', 'cancelling') then ${trainingRuns.status} else 'running' end`,
      leaseOwner: workerId,
      leaseUntil: new Date(now.getTime() + leaseMs),
      startedAt: sql`coalesce(${trainingRuns.startedAt}, ${now})`,
    })
    .where(
      and(
        eq(trainingRuns.id, runId),
        inArray(trainingRuns.status, openStatuses),
        or(isNull(trainingRuns.leaseUntil), lt(trainingRuns.leaseUntil, now), eq(trainingRuns.leaseOwner, workerId)),
      ),
    )
    .returning();
  return run ?? null;
}

/** Prolongs the lease. Says whether it is still ours and whether the owner asked to stop. */
export async function renewLease(deps: LeaseDeps, runId: string, workerId: string): Promise<'held' | 'stop' | 'lost'> {
  const [run] = await deps.db
    .update(trainingRuns)
    .set({ leaseUntil: new Date(deps.now().getTime() + leaseMs) })
    .where(and(eq(trainingRuns.id, runId), eq(trainingRuns.leaseOwner, workerId)))
    .returning({ status: trainingRuns.status });
  if (!run) return 'lost';
  return run.status === 'stopping' || run.status === 'cancelling' ? 'stop' : 'held';
}

/** Ends the lease with the run's next status; only its holder may. False: it was not ours any more, and nothing changed. */
export async function endLease(
  deps: TransactionDeps,
  runId: string,
  workerId: string,
  values: Partial<LeasedRun>,
): Promise<boolean> {
  const ended = await deps.db
    .update(trainingRuns)
    .set({ ...values, leaseOwner: null, leaseUntil: null })
    .where(and(eq(trainingRuns.id, runId), eq(trainingRuns.leaseOwner, workerId)))
    .returning({ id: trainingRuns.id });
  return ended.length > 0;
}

/** Appends to what the run said; one writer a run (the lease), so the next number is the newest plus one. */
export async function appendRunEvent(
  deps: TransactionDeps,
  runId: string,
  type: string,
  data: Record<string, unknown>,
): Promise<void> {
  await deps.db.insert(trainingEvents).values({
    runId,
    seq: sql`(select coalesce(max(${trainingEvents.seq}), 0) + 1 from ${trainingEvents} where ${trainingEvents.runId} = ${runId})`,
    type,
    data,
    at: deps.now(),
  });
}

/** Runs that wait for a worker: queued, or held by one that died. The sweeper sends them to the queue again. */
export async function listRunsToTake(deps: LeaseDeps): Promise<string[]> {
  const rows = await deps.db
    .select({ id: trainingRuns.id })
    .from(trainingRuns)
    .where(
      and(
        inArray(trainingRuns.status, openStatuses),
        or(isNull(trainingRuns.leaseUntil), lt(trainingRuns.leaseUntil, deps.now())),
      ),
    );
  return rows.map((row) => row.id);
}
