import { desc, eq } from 'drizzle-orm';
import { tasks } from '#db/schema/tasks.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { taskStatus } from './rules.ts';
import type { OwnTasks, TaskLine } from './types.ts';

/** The newest tasks that an account asked for, and those that its app works on. Two looks at indexes. */
export async function listTasks(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { limit }: { limit: number },
): Promise<OwnTasks> {
  const { address } = assertAccount(actor);
  const listWhere = async (column: typeof tasks.asker | typeof tasks.app): Promise<TaskLine[]> => {
    const rows = await deps.db
      .select()
      .from(tasks)
      .where(eq(column, address))
      .orderBy(desc(tasks.openedAt), desc(tasks.id))
      .limit(limit);
    return rows.map((row) => ({
      ...{ id: row.id, name: row.body.name, app: row.body.app, asker: row.body.asker, openedAt: row.openedAt },
      ...{ status: taskStatus(row, deps.now()), priceWei: BigInt(row.body.priceWei), heldWei: row.heldWei },
      chargedWei: row.receiptBody && BigInt(row.receiptBody.feeWei),
    }));
  };
  const [asked, working] = await Promise.all([listWhere(tasks.asker), listWhere(tasks.app)]);
  return { asked, working };
}
