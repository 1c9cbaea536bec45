import { and, asc, eq, inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { rowChecks } from '#db/schema/guard.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import { getCuratedDatanet } from '#lib/datanets/get-curated-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { findRowsInRounds } from '#lib/validation/find-rows-in-rounds.ts';
import { type Reviewable, replacesParent, whyNotAcceptable, whyNotReviewable } from './rules.ts';
import type { ReviewExamplesInput } from './schema.ts';
import type { ReviewOutcome } from './types.ts';

/**
 * Accepts or rejects pending rows. Only the owner and curators may, and nobody about their own rows or improvements of them.
 * A row that somebody decided meanwhile stays as it is and is named with the reason; the others are decided. An accepted
 * cleaned or relabelled row takes the place of its parent, which becomes `superseded`. The rows and their parents are locked
 * first, so two curators never both decide about a row and a row is never replaced twice. What the guard holds is accepted one by one.
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
  const accepts = input.decision === 'accept';
  return deps.db.transaction(async (tx) => {
    const rows = await lockRows(tx, datanet.id, input.exampleIds);
    const outcome: ReviewOutcome = { decided: [], skipped: [] };
    const replaced = new Set<string>();
    const inRound = await findRowsInRounds(tx, input.exampleIds);
    for (const exampleId of input.exampleIds) {
      const row = rows.get(exampleId);
      const reason = row
        ? (whyNotReviewable(row, account) ??
          (inRound.has(exampleId) ? 'Validators decide about this row in a round.' : null) ??
          (accepts ? (whyNotTogether(row, input) ?? whyNotNow(row, replaced)) : null))
        : 'This Datanet has no such row.';
      if (reason) outcome.skipped.push({ exampleId, reason });
      else if (!outcome.decided.includes(exampleId)) outcome.decided.push(exampleId);
    }
    if (outcome.decided.length === 0) return outcome;
    await tx
      .update(examples)
      .set({
        status: accepts ? 'accepted' : 'rejected',
        reason: accepts ? null : (input.reason ?? null),
        reviewedBy: account,
        reviewedAt: deps.now(),
      })
      .where(inArray(examples.id, outcome.decided));
    if (replaced.size > 0) {
      await tx
        .update(examples)
        .set({ status: 'superseded' })
        .where(inArray(examples.id, [...replaced]));
    }
    return outcome;
  });
}

/** A row that the guard holds is accepted by itself, by somebody who has read why. */
function whyNotTogether({ held }: { held: boolean }, { exampleIds }: ReviewExamplesInput): string | null {
  return held && exampleIds.length > 1 ? 'The guard holds this row: read why, and decide about it alone.' : null;
}

/** As `whyNotAcceptable`, and of two improvements of one row in the same call the first wins. Notes what gets replaced. */
function whyNotNow(row: Reviewable, replaced: Set<string>): string | null {
  const { parent, role } = row;
  if (!parent || !role || !replacesParent(role)) return whyNotAcceptable(row);
  const reason = whyNotAcceptable(
    replaced.has(parent.id) ? { ...row, parent: { ...parent, status: 'superseded' } } : row,
  );
  if (!reason) replaced.add(parent.id);
  return reason;
}

/** The chosen rows by id with their parents, locked: first the rows, then the parents, each in the order of their ids. */
async function lockRows(
  tx: DatabaseOrTransaction,
  datanetId: string,
  ids: readonly string[],
): Promise<Map<string, Reviewable & { held: boolean }>> {
  const { id, contributor, status, reviewedBy } = examples;
  const rows = await tx
    .select({ id, contributor, status, reviewedBy })
    .from(examples)
    .where(and(eq(examples.datanetId, datanetId), inArray(examples.id, [...ids])))
    .orderBy(asc(examples.id))
    .for('update');
  const origins = await tx
    .select({
      exampleId: exampleDerivations.exampleId,
      parentId: exampleDerivations.parentId,
      role: exampleDerivations.role,
    })
    .from(exampleDerivations)
    .where(inArray(exampleDerivations.exampleId, [...ids]));
  const originOf = new Map(origins.map((origin) => [origin.exampleId, origin]));
  const parents = await tx
    .select({ id, contributor, status })
    .from(examples)
    .where(inArray(examples.id, [...new Set(origins.map(({ parentId }) => parentId))]))
    .orderBy(asc(examples.id))
    .for('update');
  const held = await tx
    .select({ id: rowChecks.exampleId })
    .from(rowChecks)
    .where(and(inArray(rowChecks.exampleId, [...ids]), eq(rowChecks.held, true)));
  const isHeld = new Set(held.map((row) => row.id));
  const parentOf = new Map(parents.map((parent) => [parent.id, parent]));
  return new Map(
    rows.map((row) => {
      const origin = originOf.get(row.id);
      const parent = parentOf.get(origin?.parentId ?? '') ?? null;
      return [row.id, { ...row, role: origin?.role ?? null, parent, held: isHeld.has(row.id) }];
    }),
  );
}
