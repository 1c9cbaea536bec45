import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';

/**
 * Whether freezing now would make a version that differs from the newest one: a row was accepted or withdrawn since. Cost:
 * one pass over the Datanet's accepted rows and the newest version's leaves; it stops at the first difference.
 */
export async function hasUnfrozenChanges(db: DatabaseOrTransaction, datanetId: string): Promise<boolean> {
  const result = await db.execute<{ changed: boolean }>(sql`
    with newest as (
      select id from ${datanetVersions} where datanet_id = ${datanetId} order by number desc limit 1
    )
    select exists (
      select 1 from ${examples} e where e.datanet_id = ${datanetId} and e.status = 'accepted' and not exists (
        select 1 from ${versionExamples} x where x.version_id = (select id from newest) and x.example_id = e.id)
    ) or exists (
      select 1 from ${versionExamples} x join ${examples} e on e.id = x.example_id
      where x.version_id = (select id from newest) and e.status <> 'accepted'
    ) as changed`);
  return result.rows[0]!.changed;
}
