import { and, eq, notExists, sql } from 'drizzle-orm';
import { contributions, examples } from '#db/schema/datanets.ts';
import { rowChecks } from '#db/schema/guard.ts';
import { findReadAccess } from '#lib/access/get-read-access.ts';
import { getOwnedDatanet } from '#lib/datanets/get-owned-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { OwnRowsRefusedError } from './errors.ts';
import { forSender } from './for-sender.ts';
import { judgeNewRows } from './judge-new-rows.ts';
import type { BringOwnRowsInput } from './schema.ts';
import { storeRows } from './store-rows.ts';
import type { RowVerdict } from './types.ts';

export type OwnRows = { storedRows: number; acceptedRows: number; verdicts: RowVerdict[] };

/**
 * Brings the owner's own rows into their private Datanet and accepts them, so that they can train on a file of theirs. Nobody else
 * has looked at the rows, and none is named as their reviewer; in a public Datanet, where the word of a curator is what others
 * rely on, this is refused. Rows are judged as everybody's; those that the guard holds wait in the review queue. The same key
 * again stores nothing. One transaction, about 1 ms a row.
 *
 * @throws {OwnRowsRefusedError | DatanetForbiddenError | DatanetNotFoundError | NotSignedInError}
 */
export async function bringOwnRows(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: BringOwnRowsInput,
): Promise<OwnRows> {
  const { address: contributor } = assertAccount(actor);
  const datanet = await getOwnedDatanet(deps.db, input.datanetId, contributor, 'bring in rows without a review');
  return deps.db.transaction(async (tx) => {
    const { tier } = await findReadAccess({ ...deps, db: tx }, actor, datanet.id);
    if (tier !== 'gated') throw new OwnRowsRefusedError();
    const now = deps.now();
    const [contribution] = await tx
      .insert(contributions)
      .values({
        ...{ id: newId(deps, 'contribution'), datanetId: datanet.id, contributor, source: input.source },
        ...{ idempotencyKey: input.idempotencyKey, rowCount: 0, createdAt: now },
      })
      .onConflictDoNothing()
      .returning();
    const verdicts = await judgeNewRows(tx, datanet, input.rows, contributor);
    if (!contribution) return { storedRows: 0, acceptedRows: 0, verdicts: verdicts.map(forSender) };
    const stored = await storeRows(deps, tx, { fields: datanet.fields, contribution, rows: input.rows, verdicts });
    await tx.update(contributions).set({ rowCount: stored.size }).where(eq(contributions.id, contribution.id));
    const held = tx
      .select({ one: sql`1` })
      .from(rowChecks)
      .where(and(eq(rowChecks.exampleId, examples.id), eq(rowChecks.held, true)));
    const accepted = await tx
      .update(examples)
      .set({ status: 'accepted', reviewedAt: now })
      .where(and(eq(examples.contributionId, contribution.id), notExists(held)))
      .returning({ id: examples.id });
    return { storedRows: stored.size, acceptedRows: accepted.length, verdicts: verdicts.map(forSender) };
  });
}
