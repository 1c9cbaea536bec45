import { sql } from 'drizzle-orm';
import { exampleCounts } from '#db/schema/counts.ts';
import { datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { findRetiredExamples } from './find-retired-examples.ts';

/**
 * Whether freezing now would make a version that differs from the newest one: a row was accepted, withdrawn or retired on
 * chain since. Where the kept count differs from the version's, that is the answer; only where as many rows came as went, or
 * nothing changed, are the accepted rows and the version's leaves compared (by index, about a second for a million).
 */
export async function hasUnfrozenChanges(deps: Pick<Deps, 'db' | 'now'>, datanetId: string): Promise<boolean> {
  const { db } = deps;
  const gone = await findRetiredExamples(deps, datanetId);
  if (gone.length === 0 && (await countsDiffer(db, datanetId))) return true;
  const retired = JSON.stringify(gone);
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

/** Whether there are more or fewer accepted rows than the newest version has: by kept counts, no row is read. */
async function countsDiffer(db: Deps['db'], datanetId: string): Promise<boolean> {
  const { rows } = await db.execute<{ differ: boolean }>(sql`
    select coalesce((select sum(rows) from ${exampleCounts} where datanet_id = ${datanetId} and status = 'accepted'), 0)
      <> coalesce((select row_count from ${datanetVersions} where datanet_id = ${datanetId} order by number desc limit 1), 0)
      as differ`);
  return rows[0]!.differ;
}
