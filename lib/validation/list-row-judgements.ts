import { and, asc, eq, isNotNull } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { appeals, ownerVetoes, reviewRoundRows, reviewRounds } from '#db/schema/guard.ts';
import type { RowJudgement } from './types.ts';

type Address = `0x${string}`;

/** What validators, its author by an appeal, and the owner by a veto have said about one row, oldest first. */
export async function listRowJudgements(db: DatabaseOrTransaction, exampleId: string): Promise<RowJudgement[]> {
  const [rounds, appealed, vetoed] = await Promise.all([
    db
      .select({
        roundId: reviewRounds.id,
        kind: reviewRounds.kind,
        outcome: reviewRoundRows.outcome,
        at: reviewRounds.settledAt,
      })
      .from(reviewRoundRows)
      .innerJoin(reviewRounds, eq(reviewRounds.id, reviewRoundRows.roundId))
      .where(and(eq(reviewRoundRows.exampleId, exampleId), isNotNull(reviewRounds.settledAt)))
      .orderBy(asc(reviewRounds.id)),
    db.select().from(appeals).where(eq(appeals.exampleId, exampleId)),
    db.select().from(ownerVetoes).where(eq(ownerVetoes.exampleId, exampleId)),
  ]);
  const judgements: RowJudgement[] = [
    ...rounds.flatMap(({ roundId, kind, outcome, at }) =>
      outcome && at ? [{ kind: 'judged' as const, at, roundId, isAppeal: kind === 'appeal', outcome }] : [],
    ),
    ...appealed.map(({ createdAt, appellant, reason }) => ({
      ...{ kind: 'appealed' as const, at: createdAt, by: appellant as Address, reason },
    })),
    ...vetoed.map(({ createdAt, owner, reason }) => ({
      ...{ kind: 'vetoed' as const, at: createdAt, by: owner as Address, reason },
    })),
  ];
  return judgements.sort((a, b) => a.at.getTime() - b.at.getTime());
}
