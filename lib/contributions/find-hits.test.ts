import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database, DatabaseOrTransaction } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { listExamples } from './list-examples.ts';
import { listExamplesSchema } from './schema.ts';

const rows = 8_000;
let database: TestDatabase;

/** Rows of one Datanet: all have `always` and one word of five hundred, the last thousand also `late`, the last `needle`. The second Datanet has one row. */
beforeAll(async () => {
  database = await createTestDatabase();
  const { pool } = database;
  await pool.query(`
    insert into datanets (id, slug, owner, title, domain, language, summary, description, rubric, fields, license, meta_hash, created_at)
    select 'dn_' || n, 'net-' || n, '0x' || repeat('9', 40), 'Net', 'law', 'en', 'S', 'D', '[]', '[]', 'CC0-1.0', '0x' || repeat(n::text, 64), now()
    from generate_series(1, 2) n;
    insert into contributions (id, datanet_id, contributor, source, idempotency_key, row_count, created_at)
    select 'ctr_' || n, 'dn_' || n, '0x' || repeat('1', 40), 'test', 'key' || n, 0, now() from generate_series(1, 2) n`);
  await pool.query(`
    insert into examples (id, datanet_id, contribution_id, contributor, data, content_hash, status, created_at)
    select 'ex_' || lpad(n::text, 26, '0'), 'dn_' || k, 'ctr_' || k, '0x' || repeat('1', 40),
      jsonb_build_object('prompt', 'w' || n % 500, 'completion', 'always' || case when n > ${rows} - 1000 and n <= ${rows} then ' late' else '' end || case when n = ${rows} then ' needle' else '' end),
      '0x' || encode(sha256(n::text::bytea), 'hex'), 'accepted', now()
    from generate_series(1, ${rows} + 1) n, lateral (select case when n > ${rows} then 2 else 1 end) of(k)`);
  await pool.query('vacuum analyze examples');
});
afterAll(() => database.close());

/** What a search shows, and how many rows of the table were read for it. */
async function search(datanetId: string, q: string): Promise<{ found: number; read: number }> {
  return database.db.transaction(async (tx) => {
    const deps = { db: tx as unknown as Database, now: () => new Date() };
    const before = await rowsRead(tx);
    const input = listExamplesSchema.parse({ q, limit: 100 });
    const { items } = await listExamples(deps, { kind: 'visitor' }, datanetId, input);
    return { found: items.length, read: (await rowsRead(tx)) - before };
  });
}

async function rowsRead(tx: DatabaseOrTransaction): Promise<number> {
  const { rows: counts } = await tx.execute<{ read: string }>(
    `select seq_tup_read + idx_tup_fetch as read from pg_stat_xact_user_tables where relname = 'examples'`,
  );
  return Number(counts[0]!.read);
}

it('walks through the rows for frequent words, and looks rare ones up: neither reads more rows than it must', async () => {
  const always = await search('dn_1', 'Always');
  expect(always.found).toBe(100);
  expect(always.read).toBeLessThan(1_000);
  expect((await search('dn_1', 'alw')).read).toBeLessThan(1_000); // the beginning of a frequent word
  const needle = await search('dn_1', 'needle');
  expect(needle.found).toBe(1);
  expect(needle.read).toBeLessThan(100);
  // Met soon by the statistics, which know no order: walking to them reads seven thousand others.
  const late = await search('dn_1', 'late');
  expect(late.found).toBe(100);
  expect(late.read).toBeLessThan(2_000);
  const both = await search('dn_1', 'always w7');
  expect(both.found).toBe(100);
  const rare = await search('dn_1', 'always needle');
  expect(rare).toMatchObject({ found: 1 });
  expect(rare.read).toBeLessThan(100);
});

it('finds what a frequent word has in a small Datanet', async () => {
  const always = await search('dn_2', 'always');
  expect(always.found).toBe(1);
  expect(always.read).toBeLessThan(100);
  expect(await search('dn_2', 'needle')).toMatchObject({ found: 0 });
});
