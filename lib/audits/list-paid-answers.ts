import { and, desc, eq, gt, isNotNull, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { inferences, models } from '#db/schema/models.ts';
import type { PaidAnswer } from './types.ts';

/** Fewer answers leave too wide an interval (lib/engine/attribution/certificate/measure-bounds.ts). */
export const auditedAnswersMin = 16;
const auditedAnswersMax = 48;
/** The newest of them; older ones were audited before. */
const candidates = 2_000;

/** A sample of the adapter's paid answers with their tokens, which the seed chooses; empty when there are too few. */
export async function listPaidAnswers(
  db: DatabaseOrTransaction,
  adapterId: string,
  seed: string,
): Promise<PaidAnswer[]> {
  const newest = db
    .select({ id: inferences.id })
    .from(inferences)
    .innerJoin(models, eq(models.id, inferences.modelId))
    .where(
      and(
        eq(models.adapterId, adapterId),
        eq(inferences.status, 'completed'),
        gt(inferences.feeWei, 0n),
        isNotNull(inferences.promptIds),
        sql`jsonb_array_length(${inferences.completionIds}) > 0`,
      ),
    )
    .orderBy(desc(inferences.createdAt))
    .limit(candidates)
    .as('newest');
  const rows = await db
    .select({ id: inferences.id, promptIds: inferences.promptIds, completionIds: inferences.completionIds })
    .from(inferences)
    .innerJoin(newest, eq(newest.id, inferences.id))
    .orderBy(sql`md5(${inferences.id} || ${seed}::text)`)
    .limit(auditedAnswersMax);
  const answers = rows.flatMap(({ id, promptIds, completionIds }) =>
    promptIds && completionIds ? [{ id, promptIds, completionIds }] : [],
  );
  return answers.length < auditedAnswersMin ? [] : answers;
}
