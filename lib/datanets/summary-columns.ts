import { sql } from 'drizzle-orm';
import { exampleCounts } from '#db/schema/counts.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { models } from '#db/schema/models.ts';
import { chainEvents, rewardLines } from '#db/schema/settlement.ts';
import { anchorOf, registryIdOf } from './chain-facts.ts';
import type { DatanetSummary } from './types.ts';

/** What `summaryColumns` selects for a Datanet `d`. */
export type SummaryRow = {
  id: string;
  slug: string;
  owner: string;
  title: string;
  domain: string;
  language: string;
  summary: string;
  license: string;
  created_at: string | Date;
  row_count: number;
  contributor_count: number;
  model_count: number;
  earned_wei: string;
  latest_version: { id: string; number: number; createdAt: string; anchored: boolean } | null;
};

/** What people of a Datanet `d`'s data earned in settled periods, by name and from common pools. Cost: those lines. */
const earnedWei = sql`(
  select coalesce(sum(l.amount_wei), 0)
  from ${datanetVersions} v
  join ${models} m on m.version_id = v.id
  join ${rewardLines} l on l.model_id = m.id and l.role in ('data', 'common')
  where v.datanet_id = d.id)`;

const latestVersion = sql`(
  select json_build_object('id', v.id, 'number', v.number, 'createdAt', v.created_at,
    'anchored', ${anchorOf(sql`v.root`, registryIdOf(sql`d.meta_hash`, sql`d.owner`))} is not null)
  from ${datanetVersions} v where v.datanet_id = d.id order by v.number desc limit 1)`;

/** Card of a Datanet `d`, for a select list. Rows are not counted, their kept counts are; see `listDatanets` for the cost. */
export const summaryColumns = sql`
  d.id, d.slug, d.owner, d.title, d.domain, d.language, d.summary, d.license, d.created_at,
  coalesce(a.row_count, 0)::int as row_count, coalesce(a.contributor_count, 0)::int as contributor_count,
  (select count(*)::int from ${models} m join ${datanetVersions} v on v.id = m.version_id
    where v.datanet_id = d.id and exists (
      select 1 from ${chainEvents} e where e.name = 'VersionPublished' and e.subject = m.version_hash)) as model_count,
  ${earnedWei} as earned_wei,
  ${latestVersion} as latest_version`;

/** What `summaryColumns` needs beside the Datanet `d`: its accepted rows and their authors. */
export const summaryJoins = sql`
  left join lateral (select sum(c.rows) as row_count, count(*) as contributor_count from ${exampleCounts} c
    where c.datanet_id = d.id and c.status = 'accepted' and c.rows > 0) a on true`;

export function toSummary(row: SummaryRow): DatanetSummary {
  const version = row.latest_version;
  return {
    id: row.id,
    slug: row.slug,
    owner: row.owner as `0x${string}`,
    title: row.title,
    domain: row.domain,
    language: row.language,
    summary: row.summary,
    license: row.license,
    createdAt: new Date(row.created_at),
    rowCount: row.row_count,
    contributorCount: row.contributor_count,
    modelCount: row.model_count,
    earnedWei: BigInt(row.earned_wei),
    latestVersion: version && { ...version, createdAt: new Date(version.createdAt) },
  };
}
