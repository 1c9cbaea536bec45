import { and, eq, lt, ne } from 'drizzle-orm';
import { tasks } from '#db/schema/tasks.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { releaseHold } from './release-hold.ts';
import { taskOpenMs } from './rules.ts';

/** Gives back what is held for tasks that nobody closed within a day. Returns how many. */
export async function lapseTasks({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<number> {
  const old = lt(tasks.openedAt, new Date(now().getTime() - taskOpenMs));
  return db.transaction(async (tx) => {
    const rows = await tx
      .select()
      .from(tasks)
      .where(and(ne(tasks.status, 'closed'), old))
      .limit(500)
      .for('update');
    for (const row of rows) {
      await releaseHold(tx, row, 0n, now());
      await tx.update(tasks).set({ status: 'closed', closedAt: now(), heldWei: 0n }).where(eq(tasks.id, row.id));
    }
    return rows.length;
  });
}
