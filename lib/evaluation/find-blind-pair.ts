import { createHash } from 'node:crypto';
import { and, asc, eq, isNotNull, notExists, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions, examples } from '#db/schema/datanets.ts';
import { adapterEvaluations, blindVotes, evaluationRows, evaluationSets } from '#db/schema/evaluation.ts';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import { findReadAccess } from '#lib/access/get-read-access.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import type { BlindPair } from './types.ts';

type PairDeps = Pick<Deps, 'now'> & { db: DatabaseOrTransaction };

/**
 * The next pair of answers on which this account has not voted; null when there is none, or when the rows are not theirs to
 * read. Which answer stands left follows from a hash over account and row: it is the same after a reload and tells nothing.
 */
export async function findBlindPair(deps: PairDeps, actor: Actor, evaluationId: string): Promise<BlindPair | null> {
  const { address } = assertAccount(actor);
  const source = await findSource(deps, evaluationId);
  if (!source) return null;
  const mayRead = source.set
    ? source.set.owner === address
    : (await findReadAccess(deps, actor, source.datanetId)).mayRead;
  if (!mayRead) return null;
  const mine = deps.db
    .select({ one: sql`1` })
    .from(blindVotes)
    .where(
      and(
        eq(blindVotes.evaluationId, evaluationRows.evaluationId),
        eq(blindVotes.rowId, evaluationRows.rowId),
        eq(blindVotes.voter, address),
      ),
    );
  const isPair = and(eq(evaluationRows.evaluationId, evaluationId), isNotNull(evaluationRows.tunedAnswer));
  const [row] = await deps.db
    .select()
    .from(evaluationRows)
    .where(and(isPair, notExists(mine), sql`${evaluationRows.baseAnswer} <> ${evaluationRows.tunedAnswer}`))
    .orderBy(asc(evaluationRows.position))
    .limit(1);
  if (!row) return null;
  const question = source.set
    ? source.set.questions[Number(row.rowId)]?.question
    : await readQuestion(deps, row.rowId, source.firstField);
  const voted = await deps.db.$count(
    blindVotes,
    and(eq(blindVotes.evaluationId, evaluationId), eq(blindVotes.voter, address)),
  );
  const pairs = await deps.db.$count(evaluationRows, isPair);
  const [left, right] = isTunedLeft(evaluationId, row.rowId, address)
    ? [row.tunedAnswer!, row.baseAnswer!]
    : [row.baseAnswer!, row.tunedAnswer!];
  return { evaluationId, rowId: row.rowId, question: question ?? '(the row was withdrawn)', left, right, voted, pairs };
}

/** Whether the adapter's answer stands on the left for this voter. */
export function isTunedLeft(evaluationId: string, rowId: string, voter: string): boolean {
  return createHash('sha256').update(`${evaluationId}|${rowId}|${voter}`).digest()[0]! % 2 === 0;
}

async function findSource({ db }: PairDeps, evaluationId: string) {
  const [found] = await db
    .select({ set: evaluationSets, datanetId: datanets.id, fields: datanets.fields })
    .from(adapterEvaluations)
    .innerJoin(adapters, eq(adapters.id, adapterEvaluations.adapterId))
    .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .leftJoin(evaluationSets, eq(evaluationSets.id, adapterEvaluations.setId))
    .where(eq(adapterEvaluations.id, evaluationId));
  return found && { ...found, firstField: found.fields[0]?.name ?? '' };
}

async function readQuestion({ db }: PairDeps, rowId: string, field: string): Promise<string | undefined> {
  const [row] = await db.select().from(examples).where(eq(examples.id, rowId));
  return row && row.status !== 'withdrawn' ? (row.data?.[field] ?? undefined) : undefined;
}
