import { asc } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { alarms } from '#db/schema/operations.ts';

/** What must not be and is, since when; oldest first. `key` is for programs, `message` for people. */
export type Alarm = { key: string; message: string; since: Date; seenAt: Date };

export async function listAlarms(db: DatabaseOrTransaction): Promise<Alarm[]> {
  return db.select().from(alarms).orderBy(asc(alarms.since), asc(alarms.key));
}
