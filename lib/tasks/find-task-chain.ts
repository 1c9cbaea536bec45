import { eq, inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { models, receipts } from '#db/schema/models.ts';
import { tasks } from '#db/schema/tasks.ts';
import { type TaskCall, type TaskFile, taskDepthMax } from '#lib/kernel/task/task-schema.ts';
import { listCalls } from './list-calls.ts';
import { findTask } from './queries.ts';
import { toTaskFile } from './to-task-file.ts';
import type { TaskAnswer, TaskChain, TaskNode } from './types.ts';

/**
 * A task with the tasks that it works for and everything that was called below it: what its receipt lists, and while it is open
 * what the books have. Null when there is none. Cost: two queries a level and task, at most 8 levels.
 */
export async function findTaskChain(db: DatabaseOrTransaction, id: string): Promise<TaskChain | null> {
  const file = await findTask(db, id);
  if (!file) return null;
  return { above: await listAbove(db, file), node: await nodeOf(db, file, 1) };
}

/** The tasks that one works for, the first one first. */
async function listAbove(db: DatabaseOrTransaction, { task }: TaskFile): Promise<TaskFile[]> {
  const above: TaskFile[] = [];
  for (let parent = task.parent; parent && above.length < taskDepthMax; parent = above[0]!.task.parent) {
    const file = await findTask(db, parent.id);
    if (!file) break;
    above.unshift(file);
  }
  return above;
}

async function nodeOf(db: DatabaseOrTransaction, file: TaskFile, level: number): Promise<TaskNode> {
  const calls = file.receipt?.body.calls ?? (await openCalls(db, file.task.id));
  const ids = (kind: TaskCall['kind']) => calls.filter((call) => call.kind === kind).map((call) => call.id);
  const inner = ids('task');
  const rows =
    inner.length > 0 && level < taskDepthMax ? await db.select().from(tasks).where(inArray(tasks.id, inner)) : [];
  const nodes = await Promise.all(rows.map((row) => nodeOf(db, toTaskFile(row), level + 1)));
  return { kind: 'task', file, calls: [...(await listAnswers(db, ids('answer'))), ...nodes] };
}

async function openCalls(db: DatabaseOrTransaction, id: string): Promise<TaskCall[]> {
  const { answers, tasks: inner } = await listCalls(db, id);
  return [...answers, ...inner];
}

async function listAnswers(db: DatabaseOrTransaction, ids: string[]): Promise<TaskAnswer[]> {
  if (ids.length === 0) return [];
  const columns = { id: receipts.id, feeWei: receipts.feeWei, modelName: models.name, modelSlug: models.slug };
  const rows = await db
    .select(columns)
    .from(receipts)
    .innerJoin(models, eq(models.id, receipts.modelId))
    .where(inArray(receipts.id, ids))
    .orderBy(receipts.id);
  return rows.map((row) => ({ kind: 'answer', ...row }));
}
