import type { DatabaseOrTransaction } from '#db/client.ts';
import { AdapterChangedError, EvaluationFailedError, EvaluationPendingError, GatesNotPassedError } from './errors.ts';
import { findSealedEvaluation } from './queries.ts';
import type { EvaluationView } from './types.ts';

/**
 * The evaluation that lets an adapter be published: done, every gate passed, and of these very bytes.
 *
 * @throws {EvaluationPendingError | EvaluationFailedError | GatesNotPassedError | AdapterChangedError}
 */
export async function getPublishable(
  db: DatabaseOrTransaction,
  adapter: { id: string; sha256: string },
): Promise<EvaluationView> {
  const evaluation = await findSealedEvaluation(db, adapter.id);
  if (!evaluation || evaluation.status === 'queued') throw new EvaluationPendingError();
  if (evaluation.status === 'failed') throw new EvaluationFailedError();
  if (evaluation.adapterSha256 !== adapter.sha256) throw new AdapterChangedError();
  if (!evaluation.passed) throw new GatesNotPassedError(evaluation.verdicts.filter(({ passed }) => !passed));
  return evaluation;
}
