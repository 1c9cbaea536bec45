import { setTimeout as sleep } from 'node:timers/promises';
import { and, count, eq, inArray } from 'drizzle-orm';
import { attackRuns } from '#db/schema/attacks.ts';
import { trainingRuns } from '#db/schema/models.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { AttackEngine } from './attack-engine.ts';
import type { AttackRules } from './attack-rules.ts';
import { runAttack } from './run-attack.ts';
import type { AttackName, AttackProgress, AttackRow } from './types.ts';

/** A sandbox copy of a version with its engine; the worker opens it. */
export type Sandbox = {
  rows: AttackRow[];
  questions: string[];
  engine: AttackEngine;
  rules: AttackRules;
  dataPpm: number;
  close(): Promise<void>;
};
export type OpenSandbox = (input: {
  versionId: string;
  baseModel: string;
  signal: AbortSignal;
  onStep(done: number, total: number): void;
}) => Promise<Sandbox>;

type PerformDeps = Pick<Deps, 'db' | 'log' | 'now'>;
const lookEveryMs = 1_000;

/**
 * Runs a queued attack to its end, or until who started it stops it. Runs as a job and may run again after a kill: it then starts
 * anew. Real trainings go before: while one waits or runs, this one waits. What fails is written to the run.
 */
export async function performAttackRun(
  deps: PerformDeps,
  open: OpenSandbox,
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<'skipped' | 'done' | 'stopped' | 'failed'> {
  const [run] = await deps.db
    .update(attackRuns)
    .set({ status: 'running', startedAt: deps.now(), progress: { stage: 'waiting', done: 0, total: 0 } })
    .where(and(eq(attackRuns.id, id), inArray(attackRuns.status, ['queued', 'running'])))
    .returning();
  const end = (values: Partial<typeof attackRuns.$inferInsert>) =>
    deps.db
      .update(attackRuns)
      .set({ ...values, progress: null, endedAt: deps.now() })
      .where(eq(attackRuns.id, id));
  if (!run) {
    const stopping = and(eq(attackRuns.id, id), eq(attackRuns.status, 'stopping'));
    await deps.db.update(attackRuns).set({ status: 'stopped', endedAt: deps.now() }).where(stopping);
    return 'skipped';
  }
  const stopped = new AbortController();
  const watch = watchRun(deps, id, stopped);
  const either = AbortSignal.any([signal, stopped.signal]);
  try {
    await waitForTrainings(deps, either);
    const result = await attackSandbox(run, open, watch.tell, either);
    await end({ status: 'done', result });
    return 'done';
  } catch (error) {
    if (signal.aborted) {
      await deps.db.update(attackRuns).set({ status: 'queued' }).where(eq(attackRuns.id, id));
      throw error; // this process is shutting down: the next one begins again
    }
    if (stopped.signal.aborted) {
      await end({ status: 'stopped' });
      return 'stopped';
    }
    deps.log.warn({ id, err: error }, 'a sandbox attack failed');
    await end({ status: 'failed', errorMessage: describeFailure(error) });
    return 'failed';
  } finally {
    watch.end();
  }
}

async function attackSandbox(
  run: typeof attackRuns.$inferSelect,
  open: OpenSandbox,
  tell: (progress: AttackProgress) => void,
  signal: AbortSignal,
) {
  let stage: AttackProgress['stage'] = 'before';
  const { versionId, baseModel, seed } = run;
  const onStep = (done: number, total: number): void => tell({ stage, done, total });
  const { close, ...sandbox } = await open({ versionId, baseModel, signal, onStep });
  try {
    const onStage = (next: AttackProgress['stage']): void => {
      signal.throwIfAborted();
      stage = next;
      tell({ stage, done: 0, total: 0 });
    };
    const input = { ...sandbox, attack: run.attack as AttackName, seed: String(seed), onStage };
    return await runAttack(sandbox.engine, sandbox.rules, input);
  } finally {
    await close();
  }
}

/** Writes the newest progress down once a second, and sees whether the run is to stop. */
function watchRun(deps: PerformDeps, id: string, stopped: AbortController) {
  let newest: AttackProgress | null = null;
  const look = async (): Promise<void> => {
    const progress = newest;
    newest = null;
    if (progress) await deps.db.update(attackRuns).set({ progress }).where(eq(attackRuns.id, id));
    const [run] = await deps.db.select({ status: attackRuns.status }).from(attackRuns).where(eq(attackRuns.id, id));
    if (run?.status === 'stopping') stopped.abort();
  };
  const timer = setInterval(() => {
    look().catch((err) => deps.log.warn({ id, err }, 'an attack run was not looked after'));
  }, lookEveryMs);
  return {
    tell: (progress: AttackProgress): void => {
      newest = progress;
    },
    end: () => clearInterval(timer),
  };
}

async function waitForTrainings(deps: PerformDeps, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const [busy] = await deps.db
      .select({ value: count() })
      .from(trainingRuns)
      .where(inArray(trainingRuns.status, ['queued', 'running', 'stopping']));
    if (busy!.value === 0) return;
    await sleep(2 * lookEveryMs, undefined, { signal });
  }
}

/** Engine errors have a code and a sentence for people; anything else is ours to look at. */
function describeFailure(error: unknown): string {
  if (error instanceof RangeError && error.message.startsWith('runAttack:'))
    return 'In this sandbox nobody with three rows earned anything, so there is no gain to measure. Try another version.';
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[a-z_]+$/.test(error.code))
    return error.message;
  return 'The attack failed for a reason on our side. Start it again, or try another one.';
}
