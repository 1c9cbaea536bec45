import { type SQL, sql } from 'drizzle-orm';
import { datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { rowChecks } from '#db/schema/guard.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import { adapterCopies, attributionParts, attributionShares, models, receipts } from '#db/schema/models.ts';
import { rewardLines, rewardRowPools } from '#db/schema/settlement.ts';
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
  card: ExampleRow['card'];
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

/**
 * What an example `e` earned from answers without a source: its equal part of what they left to all original rows of the
 * versions that hold it, rounded down. Cost: those models' periods.
 */
export const rowPoolWei: SQL = sql`(
  select coalesce(sum(div(q.amount_wei, q.row_count)), 0)
  from ${datanetVersions} v
  join ${versionExamples} x on x.version_id = v.id and x.example_id = e.id
  join ${models} m on m.version_id = v.id
  join ${rewardRowPools} q on q.model_id = m.id
  where v.datanet_id = e.datanet_id and not exists (
    select 1 from ${adapterCopies} k where k.adapter_id = m.adapter_id and k.example_id = e.id))`;

/**
 * Select list for an example `e`. Earnings cost one index look-up per answer that the row had influence on, and the periods
 * of the models that learnt from it.
 */
export const exampleColumns: SQL = sql`
  e.id, e.contributor, e.status, e.data, e.reason, e.reviewed_by, e.reviewed_at, e.created_at,
  (select coalesce(sum(${rowPartWei}), 0) from ${earningJoins} where a.example_id = e.id) + ${rowPoolWei} as earned_wei,
  (select json_build_object('exampleId', p.id, 'role', o.role, 'note', o.note,
      'before', case when p.status <> 'withdrawn' then p.data end)
    from ${exampleDerivations} o join ${examples} p on p.id = o.parent_id where o.example_id = e.id) as improves,
  (select json_build_object('score', k.score, 'held', k.held, 'reasons', k.reasons)
    from ${rowChecks} k where k.example_id = e.id) as card`;

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
    card: row.card,
  };
}
