import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { tasks } from '#db/schema/tasks.ts';
import { TaskClosedError, TaskForbiddenError, TaskNotFoundError } from './errors.ts';
import { taskOpenMs } from './rules.ts';

/**
 * That an answer may be asked for within a task: it is open, and `account` is its app.
 *
 * @throws TaskNotFoundError, TaskForbiddenError, TaskClosedError
 */
export async function getOpenTask(
  db: DatabaseOrTransaction,
  input: { id: string; account: string | null; now: Date },
): Promise<{ id: string }> {
  const columns = { app: tasks.app, status: tasks.status, openedAt: tasks.openedAt };
  const [task] = await db.select(columns).from(tasks).where(eq(tasks.id, input.id));
  if (!task) throw new TaskNotFoundError();
  if (task.app !== input.account) throw new TaskForbiddenError("calls within a task are made by its app's account");
  if (task.status === 'closed' || input.now.getTime() - task.openedAt.getTime() > taskOpenMs)
    throw new TaskClosedError();
  return { id: input.id };
}
