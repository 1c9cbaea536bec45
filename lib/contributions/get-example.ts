import { and, eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { contributions, datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { harmFlagRows, harmFlags } from '#db/schema/lineage.ts';
import { adapterCopies, attributionRows, inferences, models } from '#db/schema/models.ts';
import { type LineageAct, roleShares } from '#lib/kernel/role-shares.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { listRowJudgements } from '#lib/validation/list-row-judgements.ts';
import type { RowJudgement } from '#lib/validation/types.ts';
import { ExampleNotFoundError } from './errors.ts';
import {
  type ExampleRecord,
  earningJoins,
  exampleColumns,
  rowPartWei,
  rowPoolWei,
  toExampleRow,
} from './example-columns.ts';
import { findHandles } from './find-handles.ts';
import { findReplacement } from './find-replacement.ts';
import { findRoles } from './find-roles.ts';
import { findRowReader, mayReadRow } from './find-row-reader.ts';
import { listImprovements } from './list-improvements.ts';
import { readableRow } from './readable-row.ts';
import { replacesParent } from './rules.ts';
import type { ExampleDetail, ExampleEarning, ExampleEvent, ExampleRow, Improvement } from './types.ts';

type DetailRecord = ExampleRecord & {
  datanet_id: string;
  slug: string;
  title: string;
  contribution_id: string;
  content_hash: string;
  source: string;
  withdrawn_at: string | Date | null;
  versions: { number: number; leafIndex: number; at: string }[];
  answer_count: number;
  pool_wei: string;
  copy_of: string[];
};

/**
 * One row with its history, the versions that hold it, and the answers in which it earned. Cost: index look-ups, in
 * proportion to the answers that it had influence on. Text and its hash are for who may read them (`mayReadRow`).
 *
 * @throws {ExampleNotFoundError}
 */
export async function getExample(deps: Pick<Deps, 'db' | 'now'>, actor: Actor, id: string): Promise<ExampleDetail> {
  const { db } = deps;
  const result = await db.execute<DetailRecord>(sql`
    select ${exampleColumns}, ${rowPoolWei} as pool_wei, e.datanet_id, d.slug, d.title, e.contribution_id, e.content_hash, c.source, e.withdrawn_at,
      (select coalesce(json_agg(json_build_object('number', v.number, 'leafIndex', x.leaf_index, 'at', v.created_at)
          order by v.number), '[]')
        from ${datanetVersions} v join ${versionExamples} x on x.version_id = v.id and x.example_id = e.id
        where v.datanet_id = e.datanet_id) as versions,
      (select count(*)::int from ${attributionRows} a where a.example_id = e.id) as answer_count,
      array(select distinct k.copy_of from ${adapterCopies} k where k.example_id = e.id order by 1) as copy_of
    from ${examples} e join ${datanets} d on d.id = e.datanet_id join ${contributions} c on c.id = e.contribution_id
    where e.id = ${id}`);
  const record = result.rows[0];
  if (!record) throw new ExampleNotFoundError(id);
  const reader = await findRowReader(deps, actor, record.datanet_id);
  const row = readableRow(toExampleRow(record), reader);
  const isReadable = mayReadRow(row, reader);
  const [improvements, quarantine, lineages, judgements] = await Promise.all([
    listImprovements(db, id),
    findQuarantine(db, id),
    findRoles(db, [id]),
    listRowJudgements(db, id),
  ]);
  const judgedInPublic = isReadable ? judgements : judgements.map(withoutReason);
  return {
    ...row,
    datanetId: record.datanet_id,
    datanetSlug: record.slug,
    datanetTitle: record.title,
    contributionId: record.contribution_id,
    contentHash: isReadable || row.status === 'withdrawn' ? (record.content_hash as `0x${string}`) : null,
    history: historyOf(row, record, { improvements, quarantine, judgements: judgedInPublic }),
    versions: record.versions.map(({ number, leafIndex }) => ({ number, leafIndex })),
    earnings: await listEarnings(db, id),
    answerCount: record.answer_count,
    poolWei: BigInt(record.pool_wei),
    copyOf: record.copy_of,
    lineage: await namedShares(db, lineages.get(id)!),
    improvements,
    replacedBy: row.status === 'superseded' ? await findReplacement(db, id) : null,
  };
}

/** What somebody says about a text that this reader may not have quotes it often enough. */
function withoutReason(judgement: RowJudgement): RowJudgement {
  return judgement.kind === 'judged' ? judgement : { ...judgement, reason: '' };
}

async function namedShares(
  db: DatabaseOrTransaction,
  lineage: readonly LineageAct[],
): Promise<ExampleDetail['lineage']> {
  const names = await findHandles(
    db,
    lineage.map(({ account }) => account),
  );
  return roleShares(1_000_000, lineage).map((share) => ({ ...share, handle: names.get(share.account) ?? null }));
}

type Quarantine = { at: Date; by: `0x${string}`; reason: string };

function historyOf(
  row: ExampleRow,
  record: DetailRecord,
  {
    improvements,
    quarantine,
    judgements,
  }: {
    improvements: readonly Improvement[];
    quarantine: Quarantine | null;
    judgements: readonly RowJudgement[];
  },
): ExampleEvent[] {
  const sent = { at: row.createdAt, by: row.contributor };
  const events: ExampleEvent[] = [
    row.improves
      ? { kind: 'proposed', ...sent, role: row.improves.role, parentId: row.improves.exampleId }
      : { kind: 'contributed', ...sent, source: record.source },
    ...judgements,
  ];
  // Of a row that validators let in, the reviewer is whom it pays, not who decided.
  const byValidators = judgements.some((one) => one.kind === 'judged' && one.outcome === 'accepted');
  if (row.reviewedAt && row.reviewedBy && !byValidators) {
    const review = { at: row.reviewedAt, by: row.reviewedBy };
    const rejected = row.status === 'rejected';
    events.push(rejected ? { kind: 'rejected', ...review, reason: row.reason ?? '' } : { kind: 'accepted', ...review });
  }
  for (const { number, at } of record.versions) events.push({ kind: 'frozen', at: new Date(at), version: number });
  for (const { exampleId, role, status, contributor, reviewedAt, endedAt } of improvements) {
    if (!replacesParent(role) || !reviewedAt || status === 'rejected') continue;
    events.push({ kind: 'replaced', at: reviewedAt, by: contributor, role, childId: exampleId });
    if (endedAt && row.status === 'accepted') events.push({ kind: 'restored', at: endedAt });
  }
  if (quarantine) events.push({ kind: 'quarantined', ...quarantine });
  if (record.withdrawn_at) {
    events.push({ kind: 'withdrawn', at: new Date(record.withdrawn_at), by: row.contributor });
  }
  return events.sort((a, b) => a.at.getTime() - b.at.getTime());
}

async function findQuarantine(db: DatabaseOrTransaction, exampleId: string): Promise<Quarantine | null> {
  const [flag] = await db
    .select({ at: harmFlags.decidedAt, by: harmFlags.decidedBy, reason: harmFlags.reason })
    .from(harmFlagRows)
    .innerJoin(harmFlags, eq(harmFlags.id, harmFlagRows.flagId))
    .where(and(eq(harmFlagRows.exampleId, exampleId), eq(harmFlagRows.withdrawn, true)));
  if (!flag?.at || !flag.by) return null;
  return { at: flag.at, by: flag.by as `0x${string}`, reason: flag.reason ?? '' };
}

async function listEarnings(db: DatabaseOrTransaction, exampleId: string): Promise<ExampleEarning[]> {
  const result = await db.execute<{
    inference_id: string;
    receipt_id: string | null;
    slug: string;
    name: string;
    share_ppm: number;
    amount_wei: string | null;
    at: string | Date;
  }>(sql`
    select a.inference_id, r.id as receipt_id, m.slug, m.name, sum(a.share_ppm)::int as share_ppm,
      sum(${rowPartWei}) as amount_wei, i.created_at as at
    from ${earningJoins} join ${inferences} i on i.id = a.inference_id join ${models} m on m.id = i.model_id
    where a.example_id = ${exampleId}
    group by a.inference_id, r.id, m.id, i.id order by a.inference_id desc limit 50`);
  return result.rows.map((row) => ({
    inferenceId: row.inference_id,
    receiptId: row.receipt_id,
    modelSlug: row.slug,
    modelName: row.name,
    sharePpm: row.share_ppm,
    amountWei: row.amount_wei === null ? null : BigInt(row.amount_wei),
    at: new Date(row.at),
  }));
}
