import { and, eq } from 'drizzle-orm';
import { adapterEvaluations, evaluationSets } from '#db/schema/evaluation.ts';
import { adapters } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { EvaluationNotFoundError } from './errors.ts';
import { defaultGates } from './rules.ts';
import type { EvaluateSetInput } from './schema.ts';

/**
 * Queues the measurement of a finished run's adapter on a saved set of one's own; once an adapter and set. Anybody may measure any
 * adapter with their own questions; only they see the answers.
 *
 * @throws {EvaluationNotFoundError} no such set of this account, or the run has no adapter yet
 */
export async function requestSetEvaluation(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes' | 'queue'>,
  actor: Actor,
  { runId, setId }: EvaluateSetInput,
): Promise<{ evaluationId: string }> {
  const { address: owner } = assertAccount(actor);
  const [adapter] = await deps.db.select().from(adapters).where(eq(adapters.runId, runId));
  const mine = and(eq(evaluationSets.id, setId), eq(evaluationSets.owner, owner));
  const [set] = await deps.db.select({ id: evaluationSets.id }).from(evaluationSets).where(mine);
  if (!adapter || !set) throw new EvaluationNotFoundError();
  await deps.db
    .insert(adapterEvaluations)
    .values({
      ...{ id: newId(deps, 'evaluation'), adapterId: adapter.id, setId, status: 'queued' },
      ...{ adapterSha256: adapter.sha256, gates: { ...defaultGates }, createdAt: deps.now() },
    })
    .onConflictDoNothing();
  const [{ id }] = (await deps.db
    .select({ id: adapterEvaluations.id })
    .from(adapterEvaluations)
    .where(and(eq(adapterEvaluations.adapterId, adapter.id), eq(adapterEvaluations.setId, setId)))) as [{ id: string }];
  await deps.queue.send('evaluate-adapter', { evaluationId: id }, { key: id });
  return { evaluationId: id };
}
