import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, examples, versionExamples } from '#db/schema/datanets.ts';
import {
  adapterCopies,
  adapters,
  attributionParts,
  attributionRows,
  receipts,
  trainingRuns,
} from '#db/schema/models.ts';
import { rewardLines } from '#db/schema/settlement.ts';
import type { FunnelStage, RowFunnel } from './types.ts';

const accepted = sql`e.status in ('accepted', 'superseded', 'quarantined')`;
const trained = sql`exists (
  select 1 from ${versionExamples} x join ${trainingRuns} t on t.version_id = x.version_id
  join ${adapters} d on d.run_id = t.id
  where x.example_id = e.id and not exists (
    select 1 from ${adapterCopies} k where k.adapter_id = d.id and k.example_id = e.id))`;
const influential = sql`exists (select 1 from ${attributionRows} a where a.example_id = e.id and a.share_ppm > 0)`;
const paid = sql`exists (
  select 1 from ${attributionParts} p join ${receipts} r on r.inference_id = p.inference_id
  join ${rewardLines} l on l.receipt_id = r.id and l.account = p.account and l.amount_wei > 0
  where p.example_id = e.id and p.share_ppm > 0)`;
/** The furthest thing that happened to a row `e`: one that was withdrawn after it had earned keeps what it reached. */
const stage = sql`case when ${paid} then 'paid' when ${influential} then 'influential' when ${trained} then 'trained'
  when ${accepted} then 'accepted' else 'sent' end`;

/**
 * How far the rows that an account sent have come towards money: counts over all of them, each row at its furthest stage and
 * at all before it, and the newest with their stage. Rejected and withdrawn rows that never got further stay at `sent`.
 * Cost: index look-ups for each row of the account.
 */
export async function listRowFunnel(db: DatabaseOrTransaction, account: string, limit = 20): Promise<RowFunnel> {
  const contributor = account.toLowerCase();
  const [counted, listed] = await Promise.all([
    db.execute<{ stage: FunnelStage; rows: number }>(
      sql`select ${stage} as stage, count(*)::int as rows from ${examples} e where e.contributor = ${contributor} group by 1`,
    ),
    db.execute<{
      id: string;
      slug: string;
      title: string;
      status: string;
      stage: FunnelStage;
      created_at: string | Date;
    }>(
      sql`select e.id, n.slug, n.title, e.status, ${stage} as stage, e.created_at from ${examples} e
        join ${datanets} n on n.id = e.datanet_id where e.contributor = ${contributor}
        order by e.created_at desc, e.id desc limit ${limit}`,
    ),
  ]);
  const at = new Map(counted.rows.map((row) => [row.stage, row.rows]));
  let reached = 0;
  const counts = { sent: 0, accepted: 0, trained: 0, influential: 0, paid: 0 };
  for (const name of ['paid', 'influential', 'trained', 'accepted', 'sent'] as const) {
    reached += at.get(name) ?? 0;
    counts[name] = reached;
  }
  const rows = listed.rows.map((row) => ({
    exampleId: row.id,
    datanetSlug: row.slug,
    datanetTitle: row.title,
    status: row.status as RowFunnel['rows'][number]['status'],
    stage: row.stage,
    sentAt: new Date(row.created_at),
  }));
  return { counts, rows };
}
