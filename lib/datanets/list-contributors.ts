import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { exampleCounts } from '#db/schema/counts.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { handles } from '#db/schema/handles.ts';
import { models } from '#db/schema/models.ts';
import { rewardLines } from '#db/schema/settlement.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { ContributorView, Page } from './types.ts';

type Row = {
  contributor: `0x${string}`;
  handle: string | null;
  accepted: number;
  pending: number;
  rejected: number;
  last_at: string | Date;
  earned_wei: string;
};

/**
 * People who added rows to a Datanet, most accepted rows first; rows that were replaced by a better version count, because they
 * go on earning. Cost: the kept counts of all its people, plus the reward lines of the page's people.
 *
 * @throws {InvalidCursorError}
 */
export async function listContributors(
  db: DatabaseOrTransaction,
  input: { datanetId: string; after?: string | undefined; limit?: number },
): Promise<Page<ContributorView>> {
  const limit = input.limit ?? 50;
  const [afterCount, afterAddress] = input.after ? decodeCursor(input.after, 2) : [];
  const result = await db.execute<Row>(sql`
    select p.*, (select h.handle from ${handles} h where h.account = p.contributor) as handle, (
      select coalesce(sum(l.amount_wei), 0)
      from ${datanetVersions} v
      join ${models} m on m.version_id = v.id
      join ${rewardLines} l on l.model_id = m.id and l.role in ('data', 'common') and l.account = p.contributor
      where v.datanet_id = ${input.datanetId}) as earned_wei
    from (
      select c.contributor,
        coalesce(sum(c.rows) filter (where c.status in ('accepted', 'superseded')), 0)::int as accepted,
        coalesce(sum(c.rows) filter (where c.status = 'pending'), 0)::int as pending,
        coalesce(sum(c.rows) filter (where c.status = 'rejected'), 0)::int as rejected,
        max(c.last_at) as last_at
      from ${exampleCounts} c where c.datanet_id = ${input.datanetId} group by c.contributor
    ) p
    ${afterAddress === undefined ? sql`` : sql`where (-p.accepted, p.contributor) > (${-Number(afterCount)}, ${afterAddress})`}
    order by -p.accepted, p.contributor limit ${limit + 1}`);
  const items = result.rows.slice(0, limit).map(toContributor);
  const last = items.at(-1);
  const more = result.rows.length > limit;
  return { items, nextCursor: more && last ? encodeCursor([String(last.accepted), last.contributor]) : null };
}

function toContributor(row: Row): ContributorView {
  const { contributor, handle, accepted, pending, rejected } = row;
  return {
    contributor,
    handle,
    accepted,
    pending,
    rejected,
    lastAt: new Date(row.last_at),
    earnedWei: BigInt(row.earned_wei),
  };
}
