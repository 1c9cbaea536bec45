import { eq } from 'drizzle-orm';
import { alarms } from '#db/schema/operations.ts';
import type { Deps } from '../deps.ts';

/**
 * Raises the alarm `key` with its text, keeps it raised, or with `message: null` ends it. Each change is logged once, so
 * whoever reads logs sees when it began and ended.
 */
export async function setAlarm(
  deps: Pick<Deps, 'db' | 'log' | 'now'>,
  { key, message }: { key: string; message: string | null },
): Promise<void> {
  if (message === null) {
    const ended = await deps.db.delete(alarms).where(eq(alarms.key, key)).returning();
    for (const { since } of ended) deps.log.warn({ alarm: key, since }, 'alarm ended');
    return;
  }
  const now = deps.now();
  const row = { key, message, since: now, seenAt: now };
  const [stored] = await deps.db
    .insert(alarms)
    .values(row)
    .onConflictDoUpdate({ target: alarms.key, set: { message, seenAt: now } })
    .returning({ since: alarms.since });
  if (stored?.since.getTime() === now.getTime()) deps.log.error({ alarm: key }, message);
}
