import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newExampleIds } from './example-ids.ts';
import { pickFields } from './parse/judge-rows.ts';
import { type RowCheck, storeRowChecks } from './store-row-checks.ts';
import type { InputRow, RowVerdict } from './types.ts';

/** Rows of one statement: each travels as part of one JSON text, so that many rows are no many parameters. */
const statementRows = 1_000;

type Batch = {
  fields: Parameters<typeof pickFields>[0];
  contribution: { id: string; datanetId: string; contributor: string; createdAt: Date };
  rows: readonly InputRow[];
  /** One for each row, in order. */
  verdicts: readonly RowVerdict[];
};

/**
 * Stores the rows that were judged new with their scorecards, as pending, and returns their ids by content hash; a row that somebody else stored
 * meanwhile is left out. Cost: some 30 µs a row, most of it the indexes.
 */
export async function storeRows(
  deps: Pick<Deps, 'now' | 'randomBytes'>,
  tx: DatabaseOrTransaction,
  { fields, contribution, rows, verdicts }: Batch,
): Promise<Map<string, string>> {
  const fresh = verdicts.flatMap((verdict, i) => (verdict.kind === 'new' ? [{ verdict, row: rows[i]! }] : []));
  const ids = newExampleIds(deps, fresh.length);
  const values = fresh.map(({ verdict, row }, i) => ({
    ...{ id: ids[i]!, hash: verdict.contentHash, data: pickFields(fields, row.data) },
  }));
  const { id, datanetId, contributor, createdAt } = contribution;
  const stored = new Map<string, string>();
  for (let start = 0; start < values.length; start += statementRows) {
    const batch = JSON.stringify(values.slice(start, start + statementRows));
    const inserted = await tx.execute<{ id: string; content_hash: string }>(sql`
      insert into ${examples} (id, datanet_id, contribution_id, contributor, data, content_hash, status, created_at)
      select r.id, ${datanetId}, ${id}, ${contributor}, r.data, r.hash, 'pending', ${createdAt.toISOString()}::timestamptz
      from json_to_recordset(${batch}::json) as r(id text, hash text, data jsonb)
      on conflict do nothing returning id, content_hash`);
    for (const { id: exampleId, content_hash } of inserted.rows) stored.set(content_hash, exampleId);
  }
  const checks = fresh.flatMap(({ verdict: { contentHash, card, bands } }): RowCheck[] => {
    const exampleId = stored.get(contentHash);
    return exampleId && card && bands ? [{ exampleId, card, bands }] : [];
  });
  await storeRowChecks(tx, datanetId, checks);
  return stored;
}
