import { and, eq, inArray } from 'drizzle-orm';
import { examples } from '#db/schema/datanets.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import { getTextAccess } from '#lib/access/get-read-access.ts';
import { getCuratedDatanet } from '#lib/datanets/get-curated-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { drawRound } from './draw-round.ts';
import { RoundNotPossibleError } from './errors.ts';
import { findRowsInRounds } from './find-rows-in-rounds.ts';
import type { OpenRoundInput } from './schema.ts';

/**
 * Gives waiting rows to validators: `seats` of them are drawn, commit and reveal, and `quorum` equal verdicts decide about a row.
 * Meanwhile no curator decides about these rows. For the owner and curators. Improvements stay with curators, who see both
 * texts. The rows are locked, so that a row is never in two rounds.
 *
 * @throws {RowsClosedError | RowsSealedError | RoundNotPossibleError | DatanetForbiddenError | DatanetNotFoundError | NotSignedInError}
 */
export async function openRound(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: OpenRoundInput,
): Promise<{ roundId: string; validators: string[] }> {
  const { address: openedBy } = assertAccount(actor);
  const datanet = await getCuratedDatanet(deps.db, input.datanetId, openedBy, 'open a round of validators');
  // A seat opens the rows of its round to a validator; what the server cannot read it cannot hand to anybody.
  await getTextAccess(deps, actor, datanet.id);
  return deps.db.transaction(async (tx) => {
    const ids = [...new Set(input.exampleIds)];
    const rows = await tx
      .select({ id: examples.id, contributor: examples.contributor })
      .from(examples)
      .where(and(eq(examples.datanetId, datanet.id), eq(examples.status, 'pending'), inArray(examples.id, ids)))
      .orderBy(examples.id)
      .for('update');
    if (rows.length < ids.length) {
      throw new RoundNotPossibleError(`${ids.length - rows.length} of these rows do not wait any more. Choose again.`);
    }
    const improving = await tx.select().from(exampleDerivations).where(inArray(exampleDerivations.exampleId, ids));
    if (improving.length > 0) {
      throw new RoundNotPossibleError(
        `${improving.length} of these rows improve other rows: curators decide about those.`,
      );
    }
    if ((await findRowsInRounds(tx, ids)).size > 0) {
      throw new RoundNotPossibleError('Some of these rows stand in a round already.');
    }
    const { seats, quorum, hours } = input;
    const plan = {
      datanetId: datanet.id,
      kind: 'review' as const,
      openedBy,
      rows,
      seats,
      quorum,
      hours,
      apart: [openedBy],
    };
    return drawRound(deps, tx, plan);
  });
}
