import { asc, eq, isNull, sql } from 'drizzle-orm';
import { adapterEvaluations } from '#db/schema/evaluation.ts';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { EvaluationForbiddenError, EvaluationNotFoundError } from './errors.ts';
import { defaultGates } from './rules.ts';

type RequestDeps = Pick<Deps, 'db' | 'now' | 'queue'>;
const batch = 20;

/** Queues the measurement of a finished run's adapter on the rows that were sealed before it was trained; once an adapter. */
export async function requestSealedEvaluation(deps: RequestDeps, runId: string): Promise<void> {
  const [adapter] = await deps.db.select().from(adapters).where(eq(adapters.runId, runId));
  if (!adapter) return;
  const evaluationId = await insertSealed(deps, adapter);
  await deps.queue.send('evaluate-adapter', { evaluationId }, { key: evaluationId });
}

/** Evaluations that wait for a worker, with those of adapters that never had one; at most 20 of each. For the sweeper. */
export async function requestMissingEvaluations(deps: Pick<Deps, 'db' | 'now'>): Promise<string[]> {
  const without = await deps.db
    .select({ id: adapters.id, sha256: adapters.sha256 })
    .from(adapters)
    .leftJoin(
      adapterEvaluations,
      sql`${adapterEvaluations.adapterId} = ${adapters.id} and ${adapterEvaluations.setId} is null`,
    )
    .where(isNull(adapterEvaluations.id))
    .orderBy(asc(adapters.id))
    .limit(batch);
  for (const adapter of without) await insertSealed(deps, adapter);
  const waiting = await deps.db
    .select({ id: adapterEvaluations.id })
    .from(adapterEvaluations)
    .where(eq(adapterEvaluations.status, 'queued'))
    .orderBy(asc(adapterEvaluations.createdAt))
    .limit(batch);
  return waiting.map(({ id }) => id);
}

/** Queues a failed evaluation again. @throws {EvaluationNotFoundError | EvaluationForbiddenError} */
export async function repeatEvaluation(
  deps: RequestDeps,
  actor: Actor,
  input: { evaluationId: string },
): Promise<void> {
  const { address } = assertAccount(actor);
  const { evaluationId } = input;
  await deps.db.transaction(async (tx) => {
    const [found] = await tx
      .select({ status: adapterEvaluations.status, owner: trainingRuns.owner })
      .from(adapterEvaluations)
      .innerJoin(adapters, eq(adapters.id, adapterEvaluations.adapterId))
      .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
      .where(eq(adapterEvaluations.id, evaluationId))
      .for('update', { of: adapterEvaluations });
    if (!found) throw new EvaluationNotFoundError();
    if (found.owner !== address) throw new EvaluationForbiddenError('have it measured again');
    if (found.status !== 'failed') return;
    await tx
      .update(adapterEvaluations)
      .set({ status: 'queued', error: null, endedAt: null })
      .where(eq(adapterEvaluations.id, evaluationId));
  });
  await deps.queue.send('evaluate-adapter', { evaluationId }, { key: evaluationId });
}

async function insertSealed(deps: Pick<Deps, 'db' | 'now'>, adapter: { id: string; sha256: string }): Promise<string> {
  const id = derivedId('evaluation', adapter.id);
  await deps.db
    .insert(adapterEvaluations)
    .values({
      ...{ id, adapterId: adapter.id, setId: null, status: 'queued', adapterSha256: adapter.sha256 },
      ...{ gates: { ...defaultGates }, createdAt: deps.now() },
    })
    .onConflictDoNothing();
  return id;
}
