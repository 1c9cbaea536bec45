import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { adapterEvaluations, blindVotes, evaluationSets } from '#db/schema/evaluation.ts';
import { defaultGates, judgeGates, wilson } from './rules.ts';
import type { EvaluationFigures, EvaluationView, Gates } from './types.ts';

/** The evaluation of an adapter on its sealed rows; null before it is queued. */
export async function findSealedEvaluation(
  db: DatabaseOrTransaction,
  adapterId: string,
): Promise<EvaluationView | null> {
  const [view] = await select(db).where(
    and(eq(adapterEvaluations.adapterId, adapterId), isNull(adapterEvaluations.setId)),
  );
  return view ? toView(view) : null;
}

/** Evaluations of an adapter on an account's own saved sets, oldest first; nobody else sees them. */
export async function listSetEvaluations(
  db: DatabaseOrTransaction,
  owner: string,
  adapterId: string,
): Promise<EvaluationView[]> {
  const rows = await select(db)
    .where(and(eq(adapterEvaluations.adapterId, adapterId), eq(evaluationSets.owner, owner)))
    .orderBy(asc(adapterEvaluations.createdAt));
  return rows.map(toView);
}

/** An account's saved sets, newest first. */
export async function listEvaluationSets(
  db: DatabaseOrTransaction,
  owner: string,
): Promise<{ id: string; name: string; questions: number }[]> {
  const rows = await db
    .select()
    .from(evaluationSets)
    .where(eq(evaluationSets.owner, owner))
    .orderBy(desc(evaluationSets.createdAt))
    .limit(50);
  return rows.map(({ id, name, questions }) => ({ id, name, questions: questions.length }));
}

const votesFor = (choice: string) =>
  sql<number>`(select count(*)::int from ${blindVotes} v
    where v.evaluation_id = ${adapterEvaluations.id} and v.choice = ${choice})`;

const select = (db: DatabaseOrTransaction) =>
  db
    .select({
      evaluation: adapterEvaluations,
      setName: evaluationSets.name,
      base: votesFor('base'),
      tuned: votesFor('tuned'),
      tie: votesFor('tie'),
    })
    .from(adapterEvaluations)
    .leftJoin(evaluationSets, eq(evaluationSets.id, adapterEvaluations.setId));

type Row = Awaited<ReturnType<typeof select>>[number];

function toView({ evaluation, setName, base, tuned, tie }: Row): EvaluationView {
  const figures = evaluation.figures as EvaluationFigures | null;
  const gates = { ...defaultGates, ...(evaluation.gates as Partial<Gates>) };
  const verdicts = figures ? judgeGates(figures, gates) : [];
  return {
    id: evaluation.id,
    adapterId: evaluation.adapterId,
    setId: evaluation.setId,
    setName,
    status: evaluation.status,
    adapterSha256: evaluation.adapterSha256 as `0x${string}`,
    figures,
    gates,
    verdicts,
    passed: verdicts.length > 0 && verdicts.every(({ passed }) => passed),
    error: evaluation.error,
    // Ties are left out of the preference, as those who had none say nothing about it.
    votes: { base, tuned, tie, preference: base + tuned > 0 ? wilson(tuned, base + tuned) : null },
  };
}
