import { type SQL, sql } from 'drizzle-orm';
import { examples } from '#db/schema/datanets.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import { attributionParts, attributionShares, receipts } from '#db/schema/models.ts';
import { rewardLines } from '#db/schema/settlement.ts';
import type { ExampleRow, ExampleStatus, RowData } from './types.ts';

/** What `exampleColumns` selects for an example `e`. */
export type ExampleRecord = {
  id: string;
  contributor: `0x${string}`;
  status: ExampleStatus;
  data: RowData;
  reason: string | null;
  reviewed_by: `0x${string}` | null;
  reviewed_at: string | Date | null;
  created_at: string | Date;
  earned_wei: string;
  improves: ExampleRow['improves'];
};

/**
 * What somebody has of a row in what an answer paid them: `l` pays the account for all its rows and roles in the answer, by
 * name and from the common pool, in proportion to their ppm; this part is its own ppm of that. Rounded down, so parts never
 * exceed the line. `a` is the part of the row's share, `s` the account's share. What answers without a source left to the
 * pool is paid by no answer and no row.
 */
export const rowPartWei: SQL = sql`div(l.amount_wei * a.share_ppm, s.share_ppm)`;

/** From the parts of a row's shares to reward lines, all by index; `l` is null while the answer is not settled. */
export const earningJoins: SQL = sql`
  ${attributionParts} a
  join ${attributionShares} s on s.inference_id = a.inference_id and s.contributor = a.account and s.share_ppm > 0
  left join ${receipts} r on r.inference_id = a.inference_id
  left join lateral (select sum(amount_wei) as amount_wei from ${rewardLines}
    where receipt_id = r.id and account = a.account and role in ('data', 'common')) l on true`;

/** Select list for an example `e`. Earnings cost one index look-up per answer that the row had influence on. */
export const exampleColumns: SQL = sql`
  e.id, e.contributor, e.status, e.data, e.reason, e.reviewed_by, e.reviewed_at, e.created_at,
  (select coalesce(sum(${rowPartWei}), 0) from ${earningJoins} where a.example_id = e.id) as earned_wei,
  (select json_build_object('exampleId', p.id, 'role', o.role, 'note', o.note,
      'before', case when p.status <> 'withdrawn' then p.data end)
    from ${exampleDerivations} o join ${examples} p on p.id = o.parent_id where o.example_id = e.id) as improves`;

export function toExampleRow(row: ExampleRecord): ExampleRow {
  return {
    id: row.id,
    contributor: row.contributor,
    status: row.status,
    data: row.status === 'withdrawn' ? null : row.data,
    reason: row.reason,
    reviewedBy: row.reviewed_by,
    reviewedAt: row.reviewed_at === null ? null : new Date(row.reviewed_at),
    createdAt: new Date(row.created_at),
    earnedWei: BigInt(row.earned_wei),
    improves: row.improves,
  };
}
