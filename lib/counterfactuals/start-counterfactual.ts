import { and, count, eq, gte, inArray, lt, or } from 'drizzle-orm';
import { sha256, stringToBytes } from 'viem';
import { counterfactuals } from '#db/schema/answers.ts';
import { getOwnAnswer } from '#lib/attribution/get-own-answer.ts';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { AnswerNotAttributedError, CounterfactualQueueFullError } from './errors.ts';
import { toCounterfactual } from './to-counterfactual.ts';
import type { Counterfactual, LeftOut } from './types.ts';

const waitingMax = 12;
/** One that has not ended after this long was lost with its job. */
const lostAfterMs = 15 * 60_000;

/**
 * Has an answer computed without some of its sources, for who asked it; the same sources again find the one that is there, and one
 * that failed or was lost is tried again. Costs nothing and changes nothing for anybody.
 *
 * `callerKey`: of a visitor with a free answer.
 *
 * @throws {ReceiptNotFoundError | AnswerNotAttributedError | CounterfactualQueueFullError}
 */
export async function startCounterfactual(
  deps: Pick<Deps, 'db' | 'queue' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: { receiptId: string; callerKey: string; leftOut: LeftOut },
): Promise<Counterfactual> {
  const answer = await getOwnAnswer(deps, actor, input);
  if (answer.attributionStatus !== 'done') throw new AnswerNotAttributedError();
  const key = sha256(stringToBytes(canonicalJson(input.leftOut)));
  const lostBefore = new Date(deps.now().getTime() - lostAfterMs);
  const question = and(eq(counterfactuals.inferenceId, answer.id), eq(counterfactuals.key, key));
  const [known] = await deps.db.select().from(counterfactuals).where(question);
  const isLost = known && known.status !== 'done' && known.requestedAt < lostBefore;
  if (known && known.status !== 'failed' && !isLost) return toCounterfactual(known);
  const [waiting] = await deps.db
    .select({ value: count() })
    .from(counterfactuals)
    .where(and(inArray(counterfactuals.status, ['queued', 'running']), gte(counterfactuals.requestedAt, lostBefore)));
  if (waiting!.value >= waitingMax) throw new CounterfactualQueueFullError();
  const fresh = {
    ...{ status: 'queued' as const, requestedAt: deps.now(), result: null, errorMessage: null },
    ...{ startedAt: null, endedAt: null },
  };
  return deps.db.transaction(async (tx) => {
    const [row] = await tx
      .insert(counterfactuals)
      .values({ id: newId(deps, 'counterfactual'), inferenceId: answer.id, key, leftOut: input.leftOut, ...fresh })
      .onConflictDoUpdate({
        target: [counterfactuals.inferenceId, counterfactuals.key],
        set: fresh,
        setWhere: or(eq(counterfactuals.status, 'failed'), lt(counterfactuals.requestedAt, lostBefore)),
      })
      .returning();
    if (!row) {
      const [twin] = await tx.select().from(counterfactuals).where(question); // asked twice at the same moment
      return toCounterfactual(twin!);
    }
    await deps.queue.send('answer-without', { id: row.id }, { key: row.id, tx });
    return toCounterfactual(row);
  });
}
