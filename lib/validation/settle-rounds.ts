import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { appeals, goldRows, reviewRoundRows, reviewRounds, reviewVotes } from '#db/schema/guard.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { seatJury } from './appeal-rejection.ts';
import { phaseOf, type Settled, settleRound } from './rules.ts';

type Round = typeof reviewRounds.$inferSelect;

/**
 * Settles every round that is over: rows get their status and reviewer, validators their skill. Rows without a quorum wait for
 * curators as before. Appeals that had too few validators get their jury once there are enough. Called by the worker's sweep; harmless to repeat. Returns how many were settled.
 */
export async function settleRounds(deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>): Promise<number> {
  await seatWaitingJuries(deps);
  const open = await deps.db
    .select({ id: reviewRounds.id })
    .from(reviewRounds)
    .where(isNull(reviewRounds.settledAt))
    .orderBy(asc(reviewRounds.id));
  let settled = 0;
  for (const { id } of open) if (await deps.db.transaction((tx) => settle(deps, tx, id))) settled++;
  return settled;
}

async function seatWaitingJuries(deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>): Promise<void> {
  const waiting = await deps.db
    .select({ id: appeals.id })
    .from(appeals)
    .where(and(eq(appeals.state, 'open'), isNull(appeals.roundId)))
    .orderBy(asc(appeals.id))
    .limit(20);
  for (const { id } of waiting) {
    await deps.db.transaction(async (tx) => {
      const [appeal] = await tx.select().from(appeals).where(eq(appeals.id, id)).for('update');
      if (!appeal || appeal.roundId) return;
      const [row] = await tx.select().from(examples).where(eq(examples.id, appeal.exampleId));
      await seatJury(deps, tx, { ...appeal, reviewedBy: row?.reviewedBy ?? null });
    });
  }
}

async function settle(deps: Pick<Deps, 'now'>, tx: DatabaseOrTransaction, roundId: string): Promise<boolean> {
  const [round] = await tx.select().from(reviewRounds).where(eq(reviewRounds.id, roundId)).for('update');
  const votes = await tx
    .select()
    .from(reviewVotes)
    .where(eq(reviewVotes.roundId, roundId))
    .orderBy(reviewVotes.validator);
  if (!round || round.settledAt || phaseOf(round, votes, deps.now()) !== 'over') return false;
  const places = await tx
    .select({ position: reviewRoundRows.position, exampleId: reviewRoundRows.exampleId, gold: goldRows.verdict })
    .from(reviewRoundRows)
    .leftJoin(goldRows, eq(goldRows.id, reviewRoundRows.goldId))
    .where(eq(reviewRoundRows.roundId, roundId))
    .orderBy(asc(reviewRoundRows.position));
  const revealed = votes.flatMap(({ validator, verdicts }) => (verdicts ? [{ validator, verdicts }] : []));
  const result = settleRound(
    places.map(({ gold }) => ({ gold: gold && (gold === 'accept' ? 'a' : 'r') })),
    revealed,
    round.quorum,
  );
  for (const [at, { position, exampleId }] of places.entries()) {
    if (!exampleId) continue;
    const outcome = result.outcomes[at]!;
    const own = and(eq(reviewRoundRows.roundId, roundId), eq(reviewRoundRows.position, position));
    await tx.update(reviewRoundRows).set({ outcome }).where(own);
    await decide(deps, tx, round, { exampleId, outcome, reviewer: reviewerOf(result, at) });
  }
  for (const { validator } of votes) {
    const own = result.validators.find((one) => one.validator === validator);
    // Who did not reveal has skill 0 in every place: silence is worth what guessing is.
    const values = own
      ? { skillPpm: own.skillPpm, judged: own.judged, reviewedRows: own.reviewed.length }
      : { skillPpm: 0, judged: places.length, reviewedRows: 0 };
    await tx
      .update(reviewVotes)
      .set(values)
      .where(and(eq(reviewVotes.roundId, roundId), eq(reviewVotes.validator, validator)));
  }
  await tx.update(reviewRounds).set({ settledAt: deps.now() }).where(eq(reviewRounds.id, roundId));
  return true;
}

type Decision = { exampleId: string; outcome: NonNullable<Settled['outcomes'][number]>; reviewer: string | null };

/** A row that was withdrawn meanwhile stays withdrawn. Without a quorum a row waits on, and a rejection stands. */
async function decide(
  deps: Pick<Deps, 'now'>,
  tx: DatabaseOrTransaction,
  { id, kind }: Round,
  { exampleId, outcome, reviewer }: Decision,
): Promise<void> {
  const reviewedAt = deps.now();
  if (outcome === 'accepted') {
    await tx
      .update(examples)
      .set({ status: 'accepted', reason: null, reviewedBy: reviewer, reviewedAt })
      .where(and(eq(examples.id, exampleId), inArray(examples.status, kind === 'appeal' ? ['rejected'] : ['pending'])));
  } else if (outcome === 'rejected' && kind === 'review') {
    const reason = `Validators rejected it in round ${id.slice(-6)}. You may appeal.`;
    await tx
      .update(examples)
      .set({ status: 'rejected', reason, reviewedBy: null, reviewedAt })
      .where(and(eq(examples.id, exampleId), eq(examples.status, 'pending')));
  }
  if (kind === 'appeal') {
    await tx
      .update(appeals)
      .set(
        outcome === 'undecided'
          ? { roundId: null } // nobody loses a bond to a silent jury: another one is sought
          : { state: outcome === 'accepted' ? 'overturned' : 'upheld', decidedAt: reviewedAt },
      )
      .where(and(eq(appeals.exampleId, exampleId), eq(appeals.roundId, id)));
  }
}

function reviewerOf({ validators }: Settled, at: number): string | null {
  return validators.find(({ reviewed }) => reviewed.includes(at))?.validator ?? null;
}
