import { answerFeedback } from '#db/schema/answers.ts';
import { getOwnAnswer } from '#lib/attribution/get-own-answer.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { findCorrectionPlace } from './find-correction-place.ts';
import type { RatedAnswer } from './types.ts';

/**
 * Keeps what who asked thinks of an answer; the last word counts. Moves no money and no share. Says where a better answer could
 * become a row.
 *
 * `callerKey`: of a visitor with a free answer. Throws ReceiptNotFoundError.
 */
export async function rateAnswer(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: { receiptId: string; callerKey: string; verdict: 'good' | 'bad' },
): Promise<RatedAnswer> {
  const { id, modelId } = await getOwnAnswer(deps, actor, input);
  const { verdict } = input;
  const updatedAt = deps.now();
  await deps.db
    .insert(answerFeedback)
    .values({ inferenceId: id, verdict, updatedAt })
    .onConflictDoUpdate({ target: answerFeedback.inferenceId, set: { verdict, updatedAt } });
  const place = await findCorrectionPlace(deps.db, modelId);
  return {
    verdict,
    place: place && { datanetSlug: place.slug, datanetTitle: place.title, license: place.license },
  };
}
