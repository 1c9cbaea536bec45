import { answerFeedback } from '#db/schema/answers.ts';
import { getOwnAnswer } from '#lib/attribution/get-own-answer.ts';
import { CorrectionRefusedError } from '#lib/feedback/errors.ts';
import { findCorrectionPlace } from '#lib/feedback/find-correction-place.ts';
import type { CorrectAnswerInput } from '#lib/feedback/schema.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { submitContribution } from './submit-contribution.ts';

/**
 * Offers an answer as it should have been as a row of the model's Datanet: a contribution like any other, judged by the same checks
 * and curators, that names the receipt it comes from and earns for its author once it is trained on. Only who asked may, and only
 * with their consent. Sending again under the same key stores nothing twice.
 *
 * @throws {ReceiptNotFoundError | CorrectionRefusedError} @throws what submitContribution throws
 */
export async function correctAnswer(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: Omit<CorrectAnswerInput, 'consent'> & { receiptId: string; callerKey: string },
): Promise<{ contributionId: string; datanetSlug: string }> {
  assertAccount(actor);
  const { id: inferenceId, modelId } = await getOwnAnswer(deps, actor, input);
  const place = await findCorrectionPlace(deps.db, modelId);
  if (!place) throw new CorrectionRefusedError();
  const { contributionId } = await submitContribution(deps, actor, {
    datanetId: place.id,
    source: `corrects ${input.receiptId}`,
    idempotencyKey: input.idempotencyKey,
    rows: [{ line: 1, data: { [place.questionField]: input.question, [place.answerField]: input.answer } }],
  });
  const kept = { contributionId, updatedAt: deps.now() };
  // After the row is stored: where this is lost, the same key finds the row again and ties it.
  await deps.db
    .insert(answerFeedback)
    .values({ inferenceId, verdict: 'bad', ...kept })
    .onConflictDoUpdate({ target: answerFeedback.inferenceId, set: kept });
  return { contributionId, datanetSlug: place.slug };
}
