import { sql } from 'drizzle-orm';
import { datanetVersions, examples } from '#db/schema/datanets.ts';
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

/** Card of a Datanet `d`, for a select list. Counts are taken from indexes; see `listDatanets` for the cost. */
export const summaryColumns = sql`
  d.id, d.slug, d.owner, d.title, d.domain, d.language, d.summary, d.license, d.created_at,
  (select count(*)::int from ${examples} e where e.datanet_id = d.id and e.status = 'accepted') as row_count,
  (select count(distinct e.contributor)::int from ${examples} e
    where e.datanet_id = d.id and e.status = 'accepted') as contributor_count,
  (select count(*)::int from ${models} m join ${datanetVersions} v on v.id = m.version_id
    where v.datanet_id = d.id and exists (
      select 1 from ${chainEvents} e where e.name = 'VersionPublished' and e.subject = m.version_hash)) as model_count,
  ${earnedWei} as earned_wei,
  ${latestVersion} as latest_version`;

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
