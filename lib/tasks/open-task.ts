import { and, eq, ne } from 'drizzle-orm';
import { type Address, verifyMessage } from 'viem';
import { tasks } from '#db/schema/tasks.ts';
import { taskHash } from '#lib/kernel/task/task-hash.ts';
import type { TaskBody, TaskFile } from '#lib/kernel/task/task-schema.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { TaskClosedError, TaskInvalidError, TaskNotFoundError } from './errors.ts';
import { isNow, taskOpenMs } from './rules.ts';
import type { OpenTaskInput } from './schema.ts';

/** Open at once, of one app. */
const openMax = 1_000;

/**
 * Opens a task: its app's signature is its right to do so, nobody has to be signed in. Sent again it changes nothing.
 *
 * @throws TaskInvalidError that says what is wrong, TaskNotFoundError and TaskClosedError of the task above
 */
export async function openTask(
  deps: Pick<Deps, 'db' | 'operator' | 'now'>,
  { task, signature }: OpenTaskInput,
): Promise<TaskFile> {
  const hash = taskHash(task);
  const isSigned = await verifyMessage({ address: task.app, message: { raw: hash }, signature }).catch(() => false);
  if (!isSigned) throw new TaskInvalidError(`it is not signed by ${task.app}`);
  const [before] = await deps.db.select().from(tasks).where(eq(tasks.id, task.id));
  if (before && before.hash !== hash) throw new TaskInvalidError('another task has this id');
  const file = { task, hash, signature, receipt: null };
  if (before) return file;
  await assertFit(deps, task);
  await deps.db
    .insert(tasks)
    .values({
      ...{
        id: task.id,
        app: task.app,
        asker: task.asker,
        parentId: task.parent?.id ?? null,
        body: task,
        hash,
        signature,
      },
      ...{ status: 'open' as const, heldWei: 0n, openedAt: deps.now() },
    })
    .onConflictDoNothing();
  return file;
}

async function assertFit({ db, operator, now }: Pick<Deps, 'db' | 'operator' | 'now'>, task: TaskBody): Promise<void> {
  const gateway = operator.address.toLowerCase();
  if (task.gateway !== gateway) throw new TaskInvalidError(`it is for the gateway ${task.gateway}; this is ${gateway}`);
  if (!isNow(task.openedAt, now())) throw new TaskInvalidError('openedAt is not now');
  if (task.asker === null && task.priceWei !== '0')
    throw new TaskInvalidError('it has a price, and nobody who pays it');
  if (task.asker === task.app) throw new TaskInvalidError('its app is its asker');
  const open = await db.$count(tasks, and(eq(tasks.app, task.app), ne(tasks.status, 'closed')));
  if (open >= openMax) throw new TaskInvalidError(`the app has ${openMax} open tasks; close some first`);
  if (task.parent === null) {
    if (task.depth !== 1) throw new TaskInvalidError(`depth ${task.depth} without a task above`);
    return;
  }
  const [parent] = await db.select().from(tasks).where(eq(tasks.id, task.parent.id));
  if (!parent) throw new TaskNotFoundError();
  const isOver = parent.status === 'closed' || now().getTime() - parent.openedAt.getTime() > taskOpenMs;
  if (isOver) throw new TaskClosedError();
  if (parent.hash !== task.parent.hash) throw new TaskInvalidError('the task above has another hash');
  if (task.depth !== parent.body.depth + 1)
    throw new TaskInvalidError(`depth ${task.depth} under ${parent.body.depth}`);
  if (task.asker !== null && task.asker !== (parent.app as Address))
    throw new TaskInvalidError(`its asker is not the app of the task above, ${parent.app}`);
}
