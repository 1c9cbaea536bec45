import { and, eq, ne } from 'drizzle-orm';
import { counterfactuals } from '#db/schema/answers.ts';
import { inferences, models, receipts } from '#db/schema/models.ts';
import { contributorOf } from '#lib/kernel/contributor-of.ts';
import { promptWithRows } from '#lib/kernel/prompt-with-rows.ts';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { listPassages } from '#lib/retrieval/queries.ts';
import { estimateOf } from './rules.ts';
import type { CounterfactualResult, LeftOut, WithoutEngine } from './types.ts';

type RunDeps = Pick<Deps, 'db' | 'now' | 'log'>;

const answerTokensMax = 120;

/**
 * Answers again without some sources. Runs as a job and may run twice: what is done stays. Rows that were trained on are taken
 * away by training again; where that is not possible, rows that were read are at least not read, and what is missing is said. A
 * failure is written down for who waits, who may ask again.
 */
export async function runCounterfactual(
  deps: RunDeps,
  engine: WithoutEngine,
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<void> {
  const [row] = await deps.db
    .update(counterfactuals)
    .set({ status: 'running', startedAt: deps.now() })
    .where(and(eq(counterfactuals.id, id), ne(counterfactuals.status, 'done')))
    .returning();
  if (!row) return;
  try {
    const result = await answerWithout(deps, engine, { ...row, signal });
    await deps.db
      .update(counterfactuals)
      .set({ status: 'done', result, errorMessage: null, endedAt: deps.now() })
      .where(eq(counterfactuals.id, id));
  } catch (error) {
    if (signal.aborted) throw error; // the process stops: another one does it
    deps.log.warn({ err: error, id }, 'an answer could not be computed without some sources');
    await deps.db
      .update(counterfactuals)
      .set({ status: 'failed', errorMessage: sentenceOf(error), endedAt: deps.now() })
      .where(eq(counterfactuals.id, id));
  }
}

async function answerWithout(
  deps: RunDeps,
  engine: WithoutEngine,
  { inferenceId, leftOut, signal }: { inferenceId: string; leftOut: LeftOut; signal: AbortSignal },
): Promise<CounterfactualResult> {
  const { inference, adapterId, body } = await loadAnswer(deps, inferenceId);
  const read = inference.retrieved ?? [];
  const passages = await listPassages(deps.db, read, 'whole');
  const authors = authorsOf(body);
  const isRead = read.map(
    ({ exampleId }) =>
      !leftOut.all && !leftOut.rows.includes(exampleId) && !leftOut.contributors.includes(authors.get(exampleId) ?? ''),
  );
  const rowsNotRead = isRead.filter((kept) => !kept).length;
  const { trained, limit } = leftOut.all ? { trained: [], limit: null } : await engine.plan(adapterId, leftOut);
  const method = leftOut.all ? 'base' : trained.length > 0 && limit === null ? 'retrained' : 'not-read';
  if (method === 'not-read' && rowsNotRead === 0) throw new Unanswerable(limit ?? notThere);
  const { messages, completionIds, params } = inference;
  const answer = await engine.answer({
    ...{ adapterId, signal, completionIds: completionIds ?? [] },
    asked: promptWithRows(messages, passages),
    without: promptWithRows(
      messages,
      passages.filter((_, i) => isRead[i]),
    ),
    maxTokens: Math.min(answerTokensMax, Number(params.maxTokens) || answerTokensMax),
    weights: method === 'base' ? 'base' : method === 'retrained' ? { leftOut: trained } : 'adapter',
  });
  const estimatedMicroNats = method === 'retrained' && rowsNotRead === 0 ? estimateOf(body, leftOut) : null;
  return { method, ...answer, estimatedMicroNats, rowsNotRead, limit: trained.length > 0 ? limit : null };
}

async function loadAnswer(deps: RunDeps, inferenceId: string) {
  const [found] = await deps.db
    .select({ inference: inferences, adapterId: models.adapterId, body: receipts.body })
    .from(inferences)
    .innerJoin(models, eq(models.id, inferences.modelId))
    .innerJoin(receipts, eq(receipts.inferenceId, inferences.id))
    .where(eq(inferences.id, inferenceId));
  if (!found) throw new Error(`the answer ${inferenceId} has no receipt`);
  return { ...found, body: found.body as unknown as ReceiptBody };
}

/** Who wrote the rows that were read, as the receipt says it. */
function authorsOf(body: ReceiptBody): Map<string, string> {
  const rows = body.version === 1 ? [] : (body.attribution.retrieval?.rows ?? []);
  return new Map(rows.map(({ exampleId, roles }) => [exampleId, contributorOf(roles)]));
}

const notThere = 'None of these sources was trained on or read for this answer, so it would be the same without them.';

/** Its message is written for who waits. */
class Unanswerable extends Error {}

/** Engine errors have a code and a sentence for people. */
function sentenceOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (error instanceof Unanswerable) return error.message;
  if (code === 'fleet_base_not_here')
    return 'The weights of the base are on GPU servers only, so nothing can be computed with it here.';
  const isCoded = typeof code === 'string' && /^[a-z_]+$/.test(code) && typeof message === 'string';
  return isCoded ? (message as string) : 'It broke off for a reason on our side. Ask again.';
}
