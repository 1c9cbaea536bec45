import { sql } from 'drizzle-orm';
import { rowChecks, triggerScans } from '#db/schema/guard.ts';
import type { Deps } from '#lib/platform/deps.ts';

/** A Datanet into which rows keep coming is scanned at most this often. */
const pauseSeconds = 60;

/** Datanets with rows that have not been scanned for triggers, at most 20. */
export async function listUnscanned(deps: Pick<Deps, 'db' | 'now'>): Promise<string[]> {
  const since = new Date(deps.now().getTime() - pauseSeconds * 1000).toISOString();
  const { rows } = await deps.db.execute<{ datanet_id: string }>(sql`
    select distinct c.datanet_id from (
      select datanet_id from ${rowChecks} where scanned_at is null order by example_id limit 10000
    ) c
    where not exists (
      select 1 from ${triggerScans} s where s.datanet_id = c.datanet_id and s.scanned_at > ${since}::timestamptz
    ) limit 20`);
  return rows.map(({ datanet_id }) => datanet_id);
}
