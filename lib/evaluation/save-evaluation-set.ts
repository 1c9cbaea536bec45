import { evaluationSets } from '#db/schema/evaluation.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import type { SaveEvaluationSetInput } from './schema.ts';

/** Keeps questions of one's own, with right answers where there are any, to measure adapters by. Only their owner sees them. */
export async function saveEvaluationSet(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  { name, questions }: SaveEvaluationSetInput,
): Promise<{ setId: string }> {
  const { address: owner } = assertAccount(actor);
  const id = newId(deps, 'evaluationSet');
  const kept = questions.map(({ question, answer }) => ({ question, answer: answer || null }));
  await deps.db.insert(evaluationSets).values({ id, owner, name, questions: kept, createdAt: deps.now() });
  return { setId: id };
}
