import { type SQL, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, examples } from '#db/schema/datanets.ts';
import { harmEntries, harmFlagRows, harmFlags } from '#db/schema/lineage.ts';
import { attributionRows } from '#db/schema/models.ts';
import type { FlaggedRow, HarmDecision, HarmEvidence, HarmFlag } from './types.ts';

type FlagRecord = {
  id: string;
  slug: string;
  contributor: `0x${string}`;
  adapter_id: string | null;
  reported_by: `0x${string}` | null;
  evidence: HarmEvidence;
  created_at: string | Date;
  decision: HarmDecision | null;
  decided_by: `0x${string}` | null;
  decided_at: string | Date | null;
  reason: string | null;
  rows: FlaggedRow[];
};

/** Open flags of a Datanet with their evidence, oldest first; at most 50. Index look-ups. */
export async function listOpenFlags(db: DatabaseOrTransaction, datanetId: string): Promise<HarmFlag[]> {
  return listFlags(db, sql`f.datanet_id = ${datanetId} and f.decision is null`, sql`f.id`);
}

/** Decided flags of a Datanet, the newest 20. */
export async function listDecidedFlags(db: DatabaseOrTransaction, datanetId: string): Promise<HarmFlag[]> {
  return listFlags(db, sql`f.datanet_id = ${datanetId} and f.decision is not null`, sql`f.decided_at desc`, 20);
}

/** Flags that name a row, newest first. */
export async function listRowFlags(db: DatabaseOrTransaction, exampleId: string): Promise<HarmFlag[]> {
  const named = sql`f.id in (select r.flag_id from ${harmFlagRows} r where r.example_id = ${exampleId})`;
  return listFlags(db, named, sql`f.id desc`);
}

/** Flags about a person's rows in one Datanet, newest first: what the person reads about them. */
export async function listOwnFlags(
  db: DatabaseOrTransaction,
  input: { datanetId: string; contributor: string },
): Promise<HarmFlag[]> {
  return listFlags(db, sql`f.datanet_id = ${input.datanetId} and f.contributor = ${input.contributor}`, sql`f.id desc`);
}

const flaggedRows = sql`(
  select coalesce(json_agg(json_build_object(
      'exampleId', e.id, 'data', case when e.status <> 'withdrawn' then e.data end, 'status', e.status,
      'withdrawn', r.withdrawn,
      'harmed', (select count(*) from ${harmEntries} h where h.example_id = e.id),
      'credited', (select count(*) from ${attributionRows} a where a.example_id = e.id)) order by e.id), '[]')
  from ${harmFlagRows} r join ${examples} e on e.id = r.example_id where r.flag_id = f.id)`;

async function listFlags(db: DatabaseOrTransaction, where: SQL, order: SQL, limit = 50): Promise<HarmFlag[]> {
  const result = await db.execute<FlagRecord>(sql`
    select f.id, d.slug, f.contributor, f.adapter_id, f.reported_by, f.evidence, f.created_at, f.decision, f.decided_by,
      f.decided_at, f.reason, ${flaggedRows} as rows
    from ${harmFlags} f join ${datanets} d on d.id = f.datanet_id where ${where} order by ${order} limit ${limit}`);
  return result.rows.map(toFlag);
}

function toFlag(row: FlagRecord): HarmFlag {
  const { decision, decided_by: by, decided_at: at } = row;
  return {
    id: row.id,
    datanetSlug: row.slug,
    contributor: row.contributor,
    adapterId: row.adapter_id,
    reportedBy: row.reported_by,
    evidence: row.evidence,
    rows: row.rows,
    createdAt: new Date(row.created_at),
    decision: decision && by && at ? { decision, by, at: new Date(at), reason: row.reason ?? '' } : null,
  };
}
