import { and, asc, count, desc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetRoles, examples } from '#db/schema/datanets.ts';
import { appeals, goldRows, ownerVetoes, reviewRoundRows, reviewRounds, reviewVotes } from '#db/schema/guard.ts';
import { phaseOf, reputationPpm } from './rules.ts';
import type { AppealView, RoundPlace, RoundView, ValidatorStanding, VetoView } from './types.ts';

type Address = `0x${string}`;

/** Rounds of a Datanet, newest first, at most 30, with what everybody has done. No verdict is told before it is settled. */
export async function listRounds(db: DatabaseOrTransaction, datanetId: string, now: Date): Promise<RoundView[]> {
  const rounds = await db
    .select()
    .from(reviewRounds)
    .where(eq(reviewRounds.datanetId, datanetId))
    .orderBy(desc(reviewRounds.id))
    .limit(30);
  const ids = rounds.map(({ id }) => id);
  if (ids.length === 0) return [];
  const votes = await db
    .select()
    .from(reviewVotes)
    .where(inArray(reviewVotes.roundId, ids))
    .orderBy(reviewVotes.validator);
  const places = await db
    .select({ roundId: reviewRoundRows.roundId, outcome: reviewRoundRows.outcome })
    .from(reviewRoundRows)
    .where(inArray(reviewRoundRows.roundId, ids));
  return rounds.map((round) => {
    const own = votes.filter(({ roundId }) => roundId === round.id);
    const rows = places.filter(({ roundId }) => roundId === round.id);
    const countOf = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
    const { id, kind, quorum, createdAt, commitUntil, revealUntil, settledAt } = round;
    return {
      ...{ id, kind, quorum, createdAt, commitUntil, revealUntil, settledAt, places: rows.length },
      phase: settledAt ? 'over' : phaseOf(round, own, now),
      votes: own.map(({ validator, committedAt, revealedAt, skillPpm, judged, reviewedRows }) => ({
        ...{ validator: validator as Address, committedAt, revealedAt, skillPpm, judged, reviewedRows },
      })),
      outcomes: { accepted: countOf('accepted'), rejected: countOf('rejected'), undecided: countOf('undecided') },
    };
  });
}

/**
 * The places of a round, for who has a seat in it and while it runs: texts by place, gold rows among them. Null for everybody
 * else, and for rows withdrawn meanwhile the text is empty.
 */
export async function findRoundPlaces(
  db: DatabaseOrTransaction,
  roundId: string,
  validator: string,
): Promise<RoundPlace[] | null> {
  const [seat] = await db
    .select({ roundId: reviewVotes.roundId })
    .from(reviewVotes)
    .innerJoin(reviewRounds, and(eq(reviewRounds.id, reviewVotes.roundId), isNull(reviewRounds.settledAt)))
    .where(and(eq(reviewVotes.roundId, roundId), eq(reviewVotes.validator, validator)));
  if (!seat) return null;
  const rows = await db
    .select({ position: reviewRoundRows.position, data: examples.data, status: examples.status, gold: goldRows.data })
    .from(reviewRoundRows)
    .leftJoin(examples, eq(examples.id, reviewRoundRows.exampleId))
    .leftJoin(goldRows, eq(goldRows.id, reviewRoundRows.goldId))
    .where(eq(reviewRoundRows.roundId, roundId))
    .orderBy(asc(reviewRoundRows.position));
  return rows.map(({ position, data, status, gold }) => ({
    position,
    data: gold ?? (status === 'withdrawn' ? {} : (data ?? {})),
  }));
}

/** Validators of a Datanet with their reputation over all Datanets' rounds, best first; newcomers have 0. */
export async function listValidators(
  db: DatabaseOrTransaction,
  datanetId: string,
  now: Date,
): Promise<ValidatorStanding[]> {
  const validators = await db
    .select({ address: datanetRoles.address })
    .from(datanetRoles)
    .where(and(eq(datanetRoles.datanetId, datanetId), eq(datanetRoles.role, 'validator')));
  const addresses = validators.map(({ address }) => address);
  if (addresses.length === 0) return [];
  const votes = await db
    .select({
      validator: reviewVotes.validator,
      skillPpm: reviewVotes.skillPpm,
      judged: reviewVotes.judged,
      settledAt: reviewRounds.settledAt,
    })
    .from(reviewVotes)
    .innerJoin(reviewRounds, eq(reviewRounds.id, reviewVotes.roundId))
    .where(and(inArray(reviewVotes.validator, addresses), isNotNull(reviewRounds.settledAt)));
  return addresses
    .map((validator) => {
      const own = votes
        .filter((vote) => vote.validator === validator)
        .map(({ skillPpm, judged, settledAt }) => ({ skillPpm: skillPpm!, judged: judged!, settledAt: settledAt! }));
      const places = own.reduce((sum, { judged }) => sum + judged, 0);
      return { validator: validator as Address, reputationPpm: reputationPpm(own, now), rounds: own.length, places };
    })
    .sort((a, b) => b.reputationPpm - a.reputationPpm || (a.validator < b.validator ? -1 : 1));
}

/** How many gold rows are in use, by their right verdict. */
export async function countGoldRows(
  db: DatabaseOrTransaction,
  datanetId: string,
): Promise<{ accept: number; reject: number }> {
  const rows = await db
    .select({ verdict: goldRows.verdict, count: count() })
    .from(goldRows)
    .where(and(eq(goldRows.datanetId, datanetId), isNull(goldRows.retiredAt)))
    .groupBy(goldRows.verdict);
  const of = (verdict: string) => rows.find((row) => row.verdict === verdict)?.count ?? 0;
  return { accept: of('accept'), reject: of('reject') };
}

/**
 * Appeals of a Datanet, newest first, at most 50. Why is told once they are decided: before, a juror would know by it which place is
 * the row and which are gold. Its author and `decides` (owner, curators) see it at once.
 */
export async function listAppeals(
  db: DatabaseOrTransaction,
  datanetId: string,
  reader: { address: string | null; decides: boolean },
): Promise<AppealView[]> {
  const rows = await db
    .select()
    .from(appeals)
    .where(eq(appeals.datanetId, datanetId))
    .orderBy(desc(appeals.id))
    .limit(50);
  return rows.map(({ id, exampleId, appellant, reason, state, roundId, createdAt, decidedAt }) => ({
    ...{ id, exampleId, appellant: appellant as Address, state, roundId, createdAt, decidedAt },
    reason: state === 'open' && !reader.decides && reader.address !== appellant ? null : reason,
  }));
}

/** The public log of owners' vetoes, newest first, at most 50. */
export async function listVetoes(db: DatabaseOrTransaction, datanetId: string): Promise<VetoView[]> {
  const rows = await db
    .select()
    .from(ownerVetoes)
    .where(eq(ownerVetoes.datanetId, datanetId))
    .orderBy(desc(ownerVetoes.id))
    .limit(50);
  return rows.map(({ exampleId, owner, reason, createdAt }) => ({
    exampleId,
    owner: owner as Address,
    reason,
    createdAt,
  }));
}

/** Whether validators let this row in, so that only a veto takes it out again. */
export async function wasDecidedInRound(db: DatabaseOrTransaction, exampleId: string): Promise<boolean> {
  const rows = await db
    .select({ roundId: reviewRoundRows.roundId })
    .from(reviewRoundRows)
    .where(and(eq(reviewRoundRows.exampleId, exampleId), eq(reviewRoundRows.outcome, 'accepted')))
    .limit(1);
  return rows.length > 0;
}
