import { and, eq } from 'drizzle-orm';
import { adapterEvaluations, evaluationSets } from '#db/schema/evaluation.ts';
import { adapters } from '#db/schema/models.ts';
import { listMergeParents } from '#lib/model-factory/list-merge-parents.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { EvaluationNotFoundError } from './errors.ts';
import { defaultGates } from './rules.ts';
import type { EvaluateSetInput } from './schema.ts';

type RequestDeps = Pick<Deps, 'db' | 'now' | 'randomBytes' | 'queue'>;

/**
 * Queues the measurement of a finished run's adapter on a saved set of one's own; once an adapter and set. Of a merge, its models are
 * measured too, so that all stand side by side. Anybody may measure any adapter with their own questions; only they see the answers.
 *
 * @throws {EvaluationNotFoundError} no such set of this account, or the run has no adapter yet
 */
export async function requestSetEvaluation(
  deps: RequestDeps,
  actor: Actor,
  { runId, setId }: EvaluateSetInput,
): Promise<{ evaluationId: string }> {
  const { address: owner } = assertAccount(actor);
  const [adapter] = await deps.db.select().from(adapters).where(eq(adapters.runId, runId));
  const mine = and(eq(evaluationSets.id, setId), eq(evaluationSets.owner, owner));
  const [set] = await deps.db.select({ id: evaluationSets.id }).from(evaluationSets).where(mine);
  if (!adapter || !set) throw new EvaluationNotFoundError();
  const evaluationId = await queueEvaluation(deps, { adapterId: adapter.id, adapterSha256: adapter.sha256, setId });
  for (const { adapterId, adapterSha256 } of await listMergeParents(deps.db, runId))
    await queueEvaluation(deps, { adapterId, adapterSha256, setId });
  return { evaluationId };
}

async function queueEvaluation(
  deps: RequestDeps,
  measured: { adapterId: string; adapterSha256: string; setId: string },
): Promise<string> {
  await deps.db
    .insert(adapterEvaluations)
    .values({
      ...{ id: newId(deps, 'evaluation'), ...measured, status: 'queued' },
      ...{ gates: { ...defaultGates }, createdAt: deps.now() },
    })
    .onConflictDoNothing();
  const { adapterId, setId } = measured;
  const [{ id }] = (await deps.db
    .select({ id: adapterEvaluations.id })
    .from(adapterEvaluations)
    .where(and(eq(adapterEvaluations.adapterId, adapterId), eq(adapterEvaluations.setId, setId)))) as [{ id: string }];
  await deps.queue.send('evaluate-adapter', { evaluationId: id }, { key: id });
  return id;
}
