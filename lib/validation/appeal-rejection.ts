import { and, count, eq, gt, ne, or } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { appeals, reviewRoundRows, reviewVotes } from '#db/schema/guard.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { drawRound } from './draw-round.ts';
import { NotAppealableError, RoundNotPossibleError } from './errors.ts';
import { appealsLeft } from './rules.ts';
import type { AppealInput } from './schema.ts';

/** A jury of an appeal: one more than a usual round, all of them new to the row. */
const jury = { seats: 3, quorum: 2, hours: 24 };
const lostCountsDays = 90;

/**
 * The contributor of a rejected row asks for another judgement, once: validators who have had no part in the first one decide,
 * among gold rows as always. The bond is standing: who has lost an appeal has one less for 90 days, and everybody has one and
 * another for every ten accepted rows. Where there are too few validators the appeal is kept open and the page says on whom
 * it waits.
 *
 * @throws {NotAppealableError | NotSignedInError}
 */
export async function appealRejection(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  { exampleId, reason }: AppealInput,
): Promise<{ appealId: string; roundId: string | null }> {
  const { address: appellant } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    const [row] = await tx.select().from(examples).where(eq(examples.id, exampleId)).for('update');
    if (!row || row.contributor !== appellant) throw new NotAppealableError('Only who contributed a row may appeal.');
    if (row.status !== 'rejected')
      throw new NotAppealableError(`This row is ${row.status}; only rejections are appealed.`);
    if ((await standing(deps, tx, appellant)) === 0) {
      const text =
        'Your appeals are used up: each that was lost counts for 90 days. Ten more accepted rows give another.';
      throw new NotAppealableError(text);
    }
    const appeal = { id: newId(deps, 'appeal'), exampleId, datanetId: row.datanetId, appellant, reason, bondPoints: 1 };
    const added = await tx
      .insert(appeals)
      .values({ ...appeal, state: 'open', createdAt: deps.now() })
      .onConflictDoNothing()
      .returning({ id: appeals.id });
    if (added.length === 0) throw new NotAppealableError('This rejection was appealed before; a row is appealed once.');
    const roundId = await seatJury(deps, tx, { ...appeal, reviewedBy: row.reviewedBy });
    return { appealId: appeal.id, roundId };
  });
}

type Open = { id: string; exampleId: string; datanetId: string; appellant: string; reviewedBy: string | null };

/** Opens the appeal's round; null while there are too few validators or gold rows. */
export async function seatJury(
  deps: Pick<Deps, 'now' | 'randomBytes'>,
  tx: DatabaseOrTransaction,
  { id, exampleId, datanetId, appellant, reviewedBy }: Open,
): Promise<string | null> {
  const before = await tx
    .selectDistinct({ validator: reviewVotes.validator })
    .from(reviewVotes)
    .innerJoin(reviewRoundRows, eq(reviewRoundRows.roundId, reviewVotes.roundId))
    .where(eq(reviewRoundRows.exampleId, exampleId));
  const apart = [appellant, ...before.map(({ validator }) => validator), ...(reviewedBy ? [reviewedBy] : [])];
  const rows = [{ id: exampleId, contributor: appellant }];
  try {
    const plan = { datanetId, kind: 'appeal' as const, openedBy: appellant, rows, apart, ...jury };
    const { roundId } = await drawRound(deps, tx, plan);
    await tx.update(appeals).set({ roundId }).where(eq(appeals.id, id));
    return roundId;
  } catch (error) {
    if (error instanceof RoundNotPossibleError) return null;
    throw error;
  }
}

async function standing(deps: Pick<Deps, 'now'>, tx: DatabaseOrTransaction, account: string): Promise<number> {
  const [accepted] = await tx
    .select({ rows: count() })
    .from(examples)
    .where(and(eq(examples.contributor, account), eq(examples.status, 'accepted')));
  const since = new Date(deps.now().getTime() - lostCountsDays * 86_400_000);
  const [used] = await tx
    .select({ count: count() })
    .from(appeals)
    .where(
      and(
        eq(appeals.appellant, account),
        ne(appeals.state, 'overturned'),
        or(eq(appeals.state, 'open'), gt(appeals.decidedAt, since)),
      ),
    );
  return appealsLeft(accepted?.rows ?? 0, used?.count ?? 0);
}
