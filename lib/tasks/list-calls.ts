import { and, asc, eq, isNotNull, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { inferences, receipts } from '#db/schema/models.ts';
import { tasks } from '#db/schema/tasks.ts';
import type { TaskCall } from '#lib/kernel/task/task-schema.ts';

/**
 * What was called within a task: answers with their receipts, closed tasks that name it as theirs, and how many answers have no
 * receipt yet. An answer that failed, or has no word, has none and cost nothing.
 */
export async function listCalls(
  db: DatabaseOrTransaction,
  taskId: string,
): Promise<{ answers: TaskCall[]; tasks: TaskCall[]; waiting: number }> {
  const asked = await db
    .select({
      ...{ status: inferences.status, attribution: inferences.attributionStatus },
      ...{ id: receipts.id, hash: receipts.hash, feeWei: receipts.feeWei },
    })
    .from(inferences)
    .leftJoin(receipts, eq(receipts.inferenceId, inferences.id))
    .where(and(sql`${inferences.params} ->> 'task' = ${taskId}`, sql`${inferences.params} ->> 'task' is not null`))
    .orderBy(asc(receipts.id));
  const inner = await db
    .select({ id: tasks.id, hash: tasks.receiptHash, body: tasks.receiptBody })
    .from(tasks)
    .where(and(eq(tasks.parentId, taskId), isNotNull(tasks.receiptHash)))
    .orderBy(asc(tasks.id));
  return {
    answers: asked.flatMap(({ id, hash, feeWei }) =>
      id && hash && feeWei !== null ? [{ kind: 'answer' as const, id, hash, feeWei: feeWei.toString() }] : [],
    ),
    tasks: inner.map(({ id, hash, body }) => ({ kind: 'task', id, hash: hash as Hex, feeWei: body!.feeWei })),
    waiting: asked.filter((one) => !one.id && (one.status === 'running' || one.attribution === 'queued')).length,
  };
}
