import { eq } from 'drizzle-orm';
import { adapterEvaluations } from '#db/schema/evaluation.ts';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { EvaluationForbiddenError, EvaluationNotFoundError } from './errors.ts';
import type { SetGatesInput } from './schema.ts';

/**
 * What the owner asks of their adapter before it may be published. They stand beside the measured figures for everybody to see,
 * also where they ask for less than usual.
 *
 * @throws {EvaluationNotFoundError | EvaluationForbiddenError | NotSignedInError}
 */
export async function setGates(deps: Pick<Deps, 'db'>, actor: Actor, input: SetGatesInput): Promise<void> {
  const { address } = assertAccount(actor);
  await deps.db.transaction(async (tx) => {
    const [found] = await tx
      .select({ owner: trainingRuns.owner })
      .from(adapterEvaluations)
      .innerJoin(adapters, eq(adapters.id, adapterEvaluations.adapterId))
      .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
      .where(eq(adapterEvaluations.id, input.evaluationId))
      .for('update', { of: adapterEvaluations });
    if (!found) throw new EvaluationNotFoundError();
    if (found.owner !== address) throw new EvaluationForbiddenError('set its gates');
    await tx
      .update(adapterEvaluations)
      .set({ gates: input.gates })
      .where(eq(adapterEvaluations.id, input.evaluationId));
  });
}
