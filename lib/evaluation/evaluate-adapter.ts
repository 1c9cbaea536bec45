import { eq } from 'drizzle-orm';
import { adapterEvaluations, evaluationRows, evaluationSets } from '#db/schema/evaluation.ts';
import { adapters } from '#db/schema/models.ts';
import { type AdapterRows, findTrainingSet } from '#lib/model-factory/find-training-set.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { isConnectionLoss } from '#lib/platform/is-connection-loss.ts';
import { findContaminated, summarise } from './rules.ts';
import type { EvaluatedRow, EvaluationEngine, Measurement } from './types.ts';

type EvaluateDeps = Pick<Deps, 'db' | 'store' | 'now' | 'log'>;

/**
 * Measures an adapter beside its base on the rows that were sealed before it was trained, or on a saved set, and looks for words
 * that the training rows have too. Runs as a job; a second time changes nothing. What cannot be measured is written down as
 * failed; an outage is thrown, so that the queue tries again.
 */
export async function evaluateAdapter(
  deps: EvaluateDeps,
  engine: EvaluationEngine,
  evaluationId: string,
  signal: AbortSignal,
): Promise<void> {
  const [evaluation] = await deps.db.select().from(adapterEvaluations).where(eq(adapterEvaluations.id, evaluationId));
  if (evaluation?.status !== 'queued') return;
  const { adapterId, setId } = evaluation;
  try {
    const set = await findTrainingSet(deps, adapterId);
    if (!set) throw new Error('the adapter has no training set');
    const rows = setId ? await readSet(deps, setId) : set.heldOut.map(toEvaluated);
    const measured = await engine({ adapterId, rows, signal });
    const contaminated = findContaminated(rows, set.train.flatMap(textsOf));
    const sealed = setId ? null : await findSealed(deps, adapterId);
    const figures = summarise(rows, measured, countOf(measured, contaminated), sealed);
    await store(deps, evaluationId, measured, contaminated, figures);
  } catch (error) {
    if (signal.aborted || isConnectionLoss(error)) throw error;
    deps.log.error({ err: error, evaluationId }, 'an adapter could not be measured');
    const said = { status: 'failed' as const, error: 'The measurement broke off for a reason on our side.' };
    await deps.db
      .update(adapterEvaluations)
      .set({ ...said, endedAt: deps.now() })
      .where(eq(adapterEvaluations.id, evaluationId));
  }
}

type TrainingRow = AdapterRows['heldOut'][number];

const textsOf = ({ messages }: TrainingRow) => messages.map(({ content }) => content);

function toEvaluated({ id, messages }: TrainingRow): EvaluatedRow {
  const said = (isAnswer: boolean) =>
    messages
      .filter(({ role }) => (role === 'assistant') === isAnswer)
      .map(({ content }) => content)
      .join('\n');
  return { id, question: said(false), answer: said(true) };
}

async function readSet(deps: Pick<Deps, 'db'>, setId: string): Promise<EvaluatedRow[]> {
  const [set] = await deps.db.select().from(evaluationSets).where(eq(evaluationSets.id, setId));
  return (set?.questions ?? []).map((question, i) => ({ id: String(i), ...question }));
}

/** What the run's manifest committed to before its first step; null: trained before that was written. */
async function findSealed(deps: Pick<Deps, 'db'>, adapterId: string): Promise<string | null> {
  const [adapter] = await deps.db.select().from(adapters).where(eq(adapters.id, adapterId));
  const { sealedSha256 } = (adapter?.manifest ?? {}) as { sealedSha256?: string };
  return sealedSha256 ?? null;
}

const countOf = (measured: Measurement, contaminated: ReadonlySet<string>) =>
  measured.rows.filter(({ id }) => contaminated.has(id)).length;

async function store(
  deps: EvaluateDeps,
  evaluationId: string,
  measured: Measurement,
  contaminated: ReadonlySet<string>,
  figures: ReturnType<typeof summarise>,
): Promise<void> {
  const rows = measured.rows.map(({ id, ...row }, position) => ({
    ...{ evaluationId, rowId: id, position, isContaminated: contaminated.has(id) },
    ...row,
  }));
  await deps.db.transaction(async (tx) => {
    await tx.delete(evaluationRows).where(eq(evaluationRows.evaluationId, evaluationId));
    if (rows.length > 0) await tx.insert(evaluationRows).values(rows);
    await tx
      .update(adapterEvaluations)
      .set({ status: 'done', figures: { ...figures }, error: null, endedAt: deps.now() })
      .where(eq(adapterEvaluations.id, evaluationId));
  });
}
