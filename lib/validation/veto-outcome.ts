import { and, eq, isNotNull } from 'drizzle-orm';
import { examples } from '#db/schema/datanets.ts';
import { ownerVetoes, reviewRoundRows, reviewRounds } from '#db/schema/guard.ts';
import { getOwnedDatanet } from '#lib/datanets/get-owned-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { NotAppealableError } from './errors.ts';
import type { VetoInput } from './schema.ts';

/**
 * The owner takes a row out that validators accepted, once and in public: the reason stands in a log that nobody can clear, and versions
 * that hold the row stay. Only against acceptance: what validators rejected, an owner cannot let in alone.
 *
 * @throws {NotAppealableError | DatanetForbiddenError | NotSignedInError}
 */
export async function vetoOutcome(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  { exampleId, reason }: VetoInput,
): Promise<{ exampleId: string; datanetId: string }> {
  const { address: owner } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    const [row] = await tx.select().from(examples).where(eq(examples.id, exampleId)).for('update');
    if (!row) throw new NotAppealableError('There is no such row.');
    await getOwnedDatanet(tx, row.datanetId, owner, 'veto what validators decided');
    const [decided] = await tx
      .select({ outcome: reviewRoundRows.outcome })
      .from(reviewRoundRows)
      .innerJoin(reviewRounds, eq(reviewRounds.id, reviewRoundRows.roundId))
      .where(
        and(
          eq(reviewRoundRows.exampleId, exampleId),
          eq(reviewRoundRows.outcome, 'accepted'),
          isNotNull(reviewRounds.settledAt),
        ),
      );
    if (!decided || row.status !== 'accepted') {
      throw new NotAppealableError('A veto is for rows that validators accepted and that still stand.');
    }
    const veto = { id: newId(deps, 'veto'), exampleId, datanetId: row.datanetId, owner, before: 'accepted' as const };
    await tx.insert(ownerVetoes).values({ ...veto, reason, createdAt: deps.now() });
    await tx
      .update(examples)
      .set({ status: 'quarantined', reason: `The owner’s veto: ${reason}` })
      .where(eq(examples.id, exampleId));
    return { exampleId, datanetId: row.datanetId };
  });
}
