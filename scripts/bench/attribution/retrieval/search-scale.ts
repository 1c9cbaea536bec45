import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { type Database, openDatabase } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { findRows } from '#lib/retrieval/find-rows.ts';
import { freePort } from '../../../up/ports.ts';
import { type PostgresOptions, postgresUrl, spawnPostgres, waitForPostgres } from '../../../up/postgres.ts';
import { findProcess, stopProcess } from '../../../up/process-info.ts';
import type { BenchContext } from '../../main.ts';

const sizes = [100_000, 1_000_000];
/** By how common their words are: rows have 36 words, 32 of them drawn from 50,000 by Zipf's law and a number of their own. */
const questions = {
  'a word of one row': 'what is fact778 of w40001 w3',
  'rare words': 'what is w30001 of w20000 w45000 w12345 w1',
  'middling words': 'what is the w900 of w1200 w2 w1',
  'common words': 'what is w1 of w2 and w30',
};
const rounds = 15;

/** Milliseconds to find four rows in a Datanet that has nine tenths of a PostgreSQL table; median and slowest of 15. */
export async function measureSearch({ emit, log, rowsMax }: BenchContext): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'retrieval-search-'));
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', maintenance_work_mem: '256MB' };
  const options: PostgresOptions = {
    ...{ dir: join(root, 'postgres'), port: await freePort(), password: 'bench', logFile: join(root, 'log'), settings },
  };
  const server = await spawnPostgres(options);
  try {
    await waitForPostgres(options, 'bench', server);
    const url = postgresUrl(options, 'bench');
    await migrate(url);
    const { db, close } = openDatabase(url, { max: 1 });
    for (const size of sizes.filter((size) => size <= (rowsMax ?? 100_000))) {
      await fill(db, size);
      log(`${size} rows are there`);
      for (const [name, question] of Object.entries(questions)) {
        const times = await timesOf(db, question);
        emit({ case: `search of ${size} rows, ${name}`, value: times[rounds >> 1]!, unit: 'ms' });
        emit({ case: `search of ${size} rows, ${name}: slowest`, value: times.at(-1)!, unit: 'ms' });
      }
    }
    await close();
  } finally {
    await stopProcess(findProcess(server.pid!)!, [{ signal: 'SIGQUIT', waitMs: 5_000 }]);
    rmSync(root, { recursive: true, force: true });
  }
}

async function timesOf(db: Database, question: string): Promise<number[]> {
  const model = { adapterId: 'ad_1', versionId: 'dv_1', datanetId: 'dn_1' };
  await findRows(db, model, question, 4);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await findRows(db, model, question, 4);
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}

/** Two Datanets with a version each: every tenth row is the second one's. */
async function fill(db: Database, rows: number): Promise<void> {
  const words = (count: number) => `(select string_agg('w' || floor(power(50000, random()))::int, ' ')
    from generate_series(1, ${count} + i - i))`; // depends on i, so that each row draws its own
  await db.execute(
    sql.raw(`
    truncate datanets cascade;
    select setseed(0.5);
    insert into datanets select 'dn_' || d, 's' || d, '0x1', 't', 'd', 'en', 's', 'd', '[]', '[]', 'x', 'm' || d, now()
      from generate_series(1, 2) d;
    insert into contributions select 'ctr_' || d, 'dn_' || d, '0x1', 'form', 'k' || d, 1, now() from generate_series(1, 2) d;
    drop index if exists examples_search;
    insert into examples (id, datanet_id, contribution_id, contributor, data, content_hash, status, created_at)
      select 'ex_' || lpad(i::text, 8, '0'), 'dn_' || d, 'ctr_' || d, '0x' || i % 500, jsonb_build_object(
        'question', 'what is fact' || i || ' of ' || ${words(8)}, 'answer', ${words(24)}), 'h' || i, 'accepted', now()
      from (select i, case when i % 10 = 0 then 2 else 1 end as d from generate_series(1, ${rows}) i) x;
    create index examples_search on examples using gin (search);
    insert into datanet_versions select 'dv_' || d, 'dn_' || d, 1, 'r' || d,
      (select count(*) from examples where datanet_id = 'dn_' || d), 1, 'x', '0x1', now() from generate_series(1, 2) d;
    insert into version_examples select 'dv_' || right(datanet_id, 1),
      row_number() over (partition by datanet_id order by id) - 1, id from examples;`),
  );
  await db.execute(sql`vacuum analyze`);
}
