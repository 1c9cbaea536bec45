import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { models } from '#db/schema/models.ts';
import { anchorOf, registryIdOf } from './chain-facts.ts';
import { VersionNotFoundError } from './errors.ts';
import type { VersionView } from './types.ts';

type VersionRecord = {
  id: string;
  datanet_id: string;
  number: number;
  root: string;
  row_count: number;
  contributor_count: number;
  object_key: string;
  frozen_by: string;
  created_at: string | Date;
  anchor: VersionView['anchor'];
  models: { slug: string; name: string }[];
};

const columns = sql`
  v.id, v.datanet_id, v.number, v.root, v.row_count, v.contributor_count, v.object_key, v.frozen_by, v.created_at,
  ${anchorOf(sql`v.root`, registryIdOf(sql`d.meta_hash`, sql`d.owner`))} as anchor,
  (select coalesce(json_agg(json_build_object('slug', m.slug, 'name', m.name) order by m.created_at), '[]')
    from ${models} m where m.version_id = v.id) as models
  from ${datanetVersions} v join ${datanets} d on d.id = v.datanet_id`;

/** All versions of a Datanet, newest first. A few index look-ups a version. */
export async function listVersions(db: DatabaseOrTransaction, datanetId: string): Promise<VersionView[]> {
  const result = await db.execute<VersionRecord>(
    sql`select ${columns} where v.datanet_id = ${datanetId} order by v.number desc`,
  );
  return result.rows.map(toVersion);
}

/** One version by the Datanet's slug or id and its number. Throws VersionNotFoundError. */
export async function getVersion(db: DatabaseOrTransaction, datanet: string, number: number): Promise<VersionView> {
  const result = await db.execute<VersionRecord>(
    sql`select ${columns} where (d.slug = ${datanet} or d.id = ${datanet}) and v.number = ${number}`,
  );
  const row = result.rows[0];
  if (!row) throw new VersionNotFoundError(datanet, number);
  return toVersion(row);
}

function toVersion(row: VersionRecord): VersionView {
  return {
    id: row.id,
    datanetId: row.datanet_id,
    number: row.number,
    root: row.root as `0x${string}`,
    rowCount: row.row_count,
    contributorCount: row.contributor_count,
    objectKey: row.object_key,
    frozenBy: row.frozen_by as `0x${string}`,
    createdAt: new Date(row.created_at),
    anchor: row.anchor,
    models: row.models,
  };
}
