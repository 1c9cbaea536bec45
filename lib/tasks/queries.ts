import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { tasks } from '#db/schema/tasks.ts';
import type { TaskFile } from '#lib/kernel/task/task-schema.ts';
import { listCalls } from './list-calls.ts';
import { taskStatus } from './rules.ts';
import { toTaskFile } from './to-task-file.ts';
import type { TaskView } from './types.ts';

/** A task as everybody gets it; null when there is none. */
export async function findTask(db: DatabaseOrTransaction, id: string): Promise<TaskFile | null> {
  const [row] = await db.select().from(tasks).where(eq(tasks.id, id));
  return row ? toTaskFile(row) : null;
}

/** The same with how far it has come. */
export async function findTaskView(db: DatabaseOrTransaction, id: string, now: Date): Promise<TaskView | null> {
  const [row] = await db.select().from(tasks).where(eq(tasks.id, id));
  if (!row) return null;
  return {
    ...toTaskFile(row),
    status: taskStatus(row, now),
    channelId: row.channelId,
    calls: await listCalls(db, id),
  };
}
