import { and, eq, inArray, ne } from 'drizzle-orm';
import { examples } from '#db/schema/datanets.ts';
import { getCuratedDatanet } from '#lib/datanets/get-curated-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { whyNotReviewable } from './rules.ts';
import type { ReviewExamplesInput } from './schema.ts';
import type { ReviewOutcome } from './types.ts';

/**
 * Accepts or rejects pending rows. Only the owner and curators may, and nobody about their own rows. A row that somebody
 * decided meanwhile stays as it is and is named with the reason; the others are decided. One statement, so two curators
 * never both decide about a row.
 *
 * @throws {DatanetForbiddenError | DatanetNotFoundError | NotSignedInError}
 */
export async function reviewExamples(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: ReviewExamplesInput,
): Promise<ReviewOutcome> {
  const { address: account } = assertAccount(actor);
  const datanet = await getCuratedDatanet(deps.db, input.datanetId, account, 'review its rows');
  const chosen = and(eq(examples.datanetId, datanet.id), inArray(examples.id, input.exampleIds));
  return deps.db.transaction(async (tx) => {
    const decided = await tx
      .update(examples)
      .set({
        status: input.decision === 'accept' ? 'accepted' : 'rejected',
        reason: input.decision === 'reject' ? (input.reason ?? null) : null,
        reviewedBy: account,
        reviewedAt: deps.now(),
      })
      .where(and(chosen, eq(examples.status, 'pending'), ne(examples.contributor, account)))
      .returning({ id: examples.id });
    const done = new Set(decided.map((row) => row.id));
    const { id, contributor, status, reviewedBy } = examples;
    const rows = await tx.select({ id, contributor, status, reviewedBy }).from(examples).where(chosen);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const skipped = input.exampleIds
      .filter((id) => !done.has(id))
      .map((exampleId) => {
        const row = byId.get(exampleId);
        const reason = row ? whyNotReviewable(row, account) : 'This Datanet has no such row.';
        return { exampleId, reason: reason ?? 'This row changed a moment ago; reload the queue.' };
      });
    return { decided: input.exampleIds.filter((id) => done.has(id)), skipped };
  });
}
