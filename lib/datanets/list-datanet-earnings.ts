import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { inferences, models, receipts } from '#db/schema/models.ts';
import { chainEvents, rewardLines, rewardPeriods } from '#db/schema/settlement.ts';
import type { DatanetModel, EarningsPeriod } from './types.ts';

/**
 * What people of the data earned through a Datanet's models, by name and from common pools, by settled reward period, newest
 * first. Cost: those lines and receipts.
 */
export async function listDatanetEarnings(
  db: DatabaseOrTransaction,
  datanetId: string,
  limit = 100,
): Promise<EarningsPeriod[]> {
  const result = await db.execute<{
    number: number;
    closed_at: string | Date;
    answers: number;
    data_wei: string;
    earners: number;
  }>(sql`
    select p.number, p.closed_at, sum(l.amount_wei) as data_wei, count(distinct l.account)::int as earners,
      (select count(*)::int from ${receipts} r join ${models} o on o.id = r.model_id
        join ${datanetVersions} w on w.id = o.version_id
        where r.reward_period_id = p.id and r.inference_id is not null and w.datanet_id = ${datanetId}) as answers
    from ${datanetVersions} v
    join ${models} m on m.version_id = v.id
    join ${rewardLines} l on l.model_id = m.id and l.role in ('data', 'common')
    join ${rewardPeriods} p on p.id = l.period_id
    where v.datanet_id = ${datanetId}
    group by p.id order by p.number desc limit ${limit}`);
  return result.rows.map((row) => ({
    number: row.number,
    closedAt: new Date(row.closed_at),
    answers: row.answers,
    dataWei: BigInt(row.data_wei),
    earners: row.earners,
  }));
}

/** Models trained on a Datanet's versions, newest first, with completed answers and data earnings. Cost: their receipts and lines. */
export async function listDatanetModels(db: DatabaseOrTransaction, datanetId: string): Promise<DatanetModel[]> {
  const result = await db.execute<{
    id: string;
    slug: string;
    name: string;
    summary: string;
    owner: `0x${string}`;
    version_number: number;
    live: boolean;
    created_at: string | Date;
    answers: number;
    data_earned_wei: string;
  }>(sql`
    select m.id, m.slug, m.name, m.summary, m.owner, v.number as version_number, m.created_at,
      exists (select 1 from ${chainEvents} e
        where e.name = 'VersionPublished' and e.subject = m.version_hash) as live,
      (select count(*)::int from ${receipts} r join ${inferences} i on i.id = r.inference_id
        where i.model_id = m.id) as answers,
      (select coalesce(sum(l.amount_wei), 0) from ${rewardLines} l
        where l.model_id = m.id and l.role in ('data', 'common')) as data_earned_wei
    from ${models} m join ${datanetVersions} v on v.id = m.version_id
    where v.datanet_id = ${datanetId} order by m.created_at desc`);
  return result.rows.map((row) => ({
    id: row.id,
    slug: row.slug,
    name: row.name,
    summary: row.summary,
    owner: row.owner,
    versionNumber: row.version_number,
    live: row.live,
    createdAt: new Date(row.created_at),
    answers: row.answers,
    dataEarnedWei: BigInt(row.data_earned_wei),
  }));
}
