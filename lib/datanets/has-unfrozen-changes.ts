import { sql } from 'drizzle-orm';
import { datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { findRetiredExamples } from './find-retired-examples.ts';

/**
 * Whether freezing now would make a version that differs from the newest one: a row was accepted, withdrawn or retired on
 * chain since. Cost: one pass over the Datanet's accepted rows and the newest version's leaves; it stops at the first
 * difference.
 */
export async function hasUnfrozenChanges(deps: Pick<Deps, 'db' | 'now'>, datanetId: string): Promise<boolean> {
  const { db } = deps;
  const retired = JSON.stringify(await findRetiredExamples(deps, datanetId));
  const result = await db.execute<{ changed: boolean }>(sql`
    with newest as (
      select id from ${datanetVersions} where datanet_id = ${datanetId} order by number desc limit 1
    ), retired as (select jsonb_array_elements_text(${retired}::jsonb) as id)
    select exists (
      select 1 from ${examples} e where e.datanet_id = ${datanetId} and e.status = 'accepted'
        and e.id not in (select id from retired) and not exists (
        select 1 from ${versionExamples} x where x.version_id = (select id from newest) and x.example_id = e.id)
    ) or exists (
      select 1 from ${versionExamples} x join ${examples} e on e.id = x.example_id
      where x.version_id = (select id from newest)
        and (e.status <> 'accepted' or e.id in (select id from retired))
    ) as changed`);
  return result.rows[0]!.changed;
}
