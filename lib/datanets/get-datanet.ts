import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { exampleCounts } from '#db/schema/counts.ts';
import { datanetRoles, datanets } from '#db/schema/datanets.ts';
import { registryIdOf } from './chain-facts.ts';
import { DatanetNotFoundError } from './errors.ts';
import { type SummaryRow, summaryColumns, summaryJoins, toSummary } from './summary-columns.ts';
import type { DatanetDetail, DatanetField } from './types.ts';

type DetailRow = SummaryRow & {
  description: string;
  rubric: string[];
  fields: DatanetField[];
  meta_hash: string;
  pending_count: number;
  registry_id: string | null;
  roles: { address: `0x${string}`; role: string }[];
};

/**
 * One Datanet by slug or id with its counts and people. Cost: like one line of `listDatanets`.
 *
 * @throws {DatanetNotFoundError}
 */
export async function getDatanet(db: DatabaseOrTransaction, slugOrId: string): Promise<DatanetDetail> {
  const result = await db.execute<DetailRow>(sql`
    select ${summaryColumns}, d.description, d.rubric, d.fields, d.meta_hash,
      (select coalesce(sum(c.rows), 0)::int from ${exampleCounts} c
        where c.datanet_id = d.id and c.status = 'pending') as pending_count,
      ${registryIdOf(sql`d.meta_hash`, sql`d.owner`)} as registry_id,
      (select coalesce(json_agg(json_build_object('address', r.address, 'role', r.role) order by r.granted_at, r.address), '[]')
        from ${datanetRoles} r where r.datanet_id = d.id) as roles
    from ${datanets} d ${summaryJoins} where d.slug = ${slugOrId} or d.id = ${slugOrId}`);
  const row = result.rows[0];
  if (!row) throw new DatanetNotFoundError(slugOrId);
  const withRole = (role: string) => row.roles.filter((entry) => entry.role === role).map(({ address }) => address);
  return {
    ...toSummary(row),
    description: row.description,
    rubric: row.rubric,
    fields: row.fields,
    metaHash: row.meta_hash as `0x${string}`,
    pendingCount: row.pending_count,
    registryId: row.registry_id,
    curators: withRole('curator'),
    validators: withRole('validator'),
  };
}
