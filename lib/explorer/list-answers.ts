import { type SQL, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { receiptChallenges } from '#db/schema/challenges.ts';
import { examples, versionExamples } from '#db/schema/datanets.ts';
import { attributionShares, inferences, models, receipts } from '#db/schema/models.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import type { AnswerRow, Page } from './types.ts';

export const answerPageSize = 50;

/**
 * A paid answer counts as independent when its payer neither owns the model, nor has a share in the answer, nor a row in the
 * Datanet version, which shares the answer's common pool: paying oneself proves nothing.
 */
export const isIndependent: SQL = sql`(
  i.status = 'completed' and i.fee_wei > 0 and i.payer is not null and i.payer <> m.owner
  and not exists (select 1 from ${attributionShares} own where own.inference_id = i.id and own.contributor = i.payer)
  and not exists (select 1 from ${examples} e join ${versionExamples} x on x.example_id = e.id
    where e.contributor = i.payer and x.version_id = m.version_id))`;

type Row = {
  id: string;
  receipt_id: string | null;
  slug: string;
  name: string;
  payer: `0x${string}` | null;
  fee_wei: string;
  contributors: { address: `0x${string}`; sharePpm: number }[] | null;
  contributor_count: number;
  period_number: number | null;
  challenge: 'queued' | 'upheld' | null;
  created_at: string;
};

export type AnswerFilter = { independentOnly?: boolean; account?: string | undefined };

/** What holds the payment of receipt `r` back: a challenge that was upheld, else one that is not decided. */
const heldBy = sql`(select max(ch.status) from ${receiptChallenges} ch
  where ch.receipt_id = r.id and ch.status in ('queued', 'upheld'))`;

/** Completed answers, newest first, in keyset pages by their (time-sorted) id. */
export async function listAnswers(
  db: DatabaseOrTransaction,
  filter: AnswerFilter,
  options: { cursor?: string | undefined; limit?: number } = {},
): Promise<Page<AnswerRow>> {
  const limit = options.limit ?? answerPageSize;
  const cursor = /^inf_[0-9a-z]{26}$/.test(options.cursor ?? '') ? options.cursor : undefined;
  const result = await db.execute<Row>(sql`
    select i.id, r.id as receipt_id, m.slug, m.name, i.payer, i.fee_wei::text as fee_wei, p.number as period_number,
      i.created_at, ${heldBy} as challenge, top.contributors, coalesce(top.n, 0)::int as contributor_count
    from ${inferences} i
    join ${models} m on m.id = i.model_id
    left join ${receipts} r on r.inference_id = i.id
    left join ${rewardPeriods} p on p.id = r.reward_period_id
    left join lateral (
      select json_agg(json_build_object('address', s.contributor, 'sharePpm', s.share_ppm)
        order by s.share_ppm desc, s.contributor) filter (where s.place <= 5) as contributors, count(*) as n
      from (select contributor, share_ppm, row_number() over (order by share_ppm desc, contributor) as place
        from ${attributionShares} where inference_id = i.id) s
    ) top on true
    where i.status = 'completed' and ${conditionOf(filter)} ${cursor ? sql`and i.id < ${cursor}` : sql``}
    order by i.id desc
    limit ${limit + 1}`);
  const items = result.rows.slice(0, limit).map(toAnswer);
  return { items, nextCursor: result.rows.length > limit ? (items.at(-1)?.inferenceId ?? null) : null };
}

/** How many answers a filter matches, and from how many payers. */
export async function countAnswers(
  db: DatabaseOrTransaction,
  filter: AnswerFilter,
): Promise<{ answers: number; payers: number }> {
  const result = await db.execute<{ answers: number; payers: number }>(sql`
    select count(*)::int as answers, count(distinct i.payer)::int as payers
    from ${inferences} i join ${models} m on m.id = i.model_id
    where i.status = 'completed' and ${conditionOf(filter)}`);
  return result.rows[0] ?? { answers: 0, payers: 0 };
}

function conditionOf(filter: AnswerFilter): SQL {
  const account = filter.account
    ? sql`(i.payer = ${filter.account} or exists (select 1 from ${attributionShares} a
        where a.inference_id = i.id and a.contributor = ${filter.account}))`
    : sql`true`;
  return filter.independentOnly ? sql`${account} and ${isIndependent}` : account;
}

function toAnswer(row: Row): AnswerRow {
  return {
    inferenceId: row.id,
    receiptId: row.receipt_id,
    challenge: row.challenge,
    modelSlug: row.slug,
    modelName: row.name,
    payer: row.payer,
    feeWei: BigInt(row.fee_wei),
    contributors: row.contributors ?? [],
    contributorCount: row.contributor_count,
    rewardPeriodNumber: row.period_number,
    at: new Date(row.created_at),
  };
}
