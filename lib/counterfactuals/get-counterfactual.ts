import { and, eq } from 'drizzle-orm';
import { counterfactuals } from '#db/schema/answers.ts';
import { ReceiptNotFoundError } from '#lib/attribution/errors.ts';
import { getOwnAnswer } from '#lib/attribution/get-own-answer.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { toCounterfactual } from './to-counterfactual.ts';
import type { Counterfactual } from './types.ts';

/** How far an answer without some of its sources is, for who asked it. Throws ReceiptNotFoundError, also where it is another's. */
export async function getCounterfactual(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: { receiptId: string; callerKey: string; id: string },
): Promise<Counterfactual> {
  const answer = await getOwnAnswer(deps, actor, input);
  const [row] = await deps.db
    .select()
    .from(counterfactuals)
    .where(and(eq(counterfactuals.id, input.id), eq(counterfactuals.inferenceId, answer.id)));
  if (!row) throw new ReceiptNotFoundError();
  return toCounterfactual(row);
}
