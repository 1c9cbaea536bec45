import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { contributions, datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { ContributionNotFoundError } from './errors.ts';
import { type ExampleRecord, exampleColumns, toExampleRow } from './example-columns.ts';
import { findRowReader } from './find-row-reader.ts';
import { readableRow } from './readable-row.ts';
import { type ContributionView, type ExampleStatus, exampleStatuses } from './types.ts';

type HeadRecord = {
  id: string;
  datanet_id: string;
  slug: string;
  title: string;
  contributor: `0x${string}`;
  source: string;
  created_at: string | Date;
};

/**
 * Where a contribution stands: its rows (the first 200), how many are in which state, and who may decide. Cost: its own
 * rows, by index. Texts for who may read them (`mayReadRow`).
 *
 * @throws {ContributionNotFoundError}
 */
export async function getContribution(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  id: string,
): Promise<ContributionView> {
  const { db } = deps;
  const head = await db.execute<HeadRecord>(sql`
    select c.id, c.datanet_id, d.slug, d.title, c.contributor, c.source, c.created_at
    from ${contributions} c join ${datanets} d on d.id = c.datanet_id where c.id = ${id}`);
  const record = head.rows[0];
  if (!record) throw new ContributionNotFoundError(id);
  const terms = await getDatanetTerms(db, record.datanet_id);
  const reader = await findRowReader(deps, actor, record.datanet_id);
  const rows = await db.execute<ExampleRecord>(sql`
    select ${exampleColumns} from ${examples} e where e.contribution_id = ${id} order by e.id limit 200`);
  return {
    id: record.id,
    datanetId: record.datanet_id,
    datanetSlug: record.slug,
    datanetTitle: record.title,
    contributor: record.contributor,
    source: record.source,
    createdAt: new Date(record.created_at),
    ...(await countStates(db, id)),
    reviewers: [...new Set([terms.owner, ...terms.curators])].filter((account) => account !== record.contributor),
    rows: rows.rows.map((row) => readableRow(toExampleRow(row), reader)),
  };
}

async function countStates(
  db: DatabaseOrTransaction,
  contributionId: string,
): Promise<Pick<ContributionView, 'counts' | 'unfrozen'>> {
  const result = await db.execute<{ status: ExampleStatus; count: number; unfrozen: number }>(sql`
    select e.status, count(*)::int as count, count(*) filter (where not exists (
      select 1 from ${datanetVersions} v join ${versionExamples} x on x.version_id = v.id and x.example_id = e.id
      where v.datanet_id = e.datanet_id))::int as unfrozen
    from ${examples} e where e.contribution_id = ${contributionId} group by e.status`);
  const counts = Object.fromEntries(exampleStatuses.map((status) => [status, 0])) as ContributionView['counts'];
  for (const { status, count } of result.rows) counts[status] = count;
  return { counts, unfrozen: result.rows.find((row) => row.status === 'accepted')?.unfrozen ?? 0 };
}
