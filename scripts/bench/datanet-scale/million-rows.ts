import pg from 'pg';

/** The Datanet that is measured; its owner and authors are made-up accounts. */
export const scaleDatanet = { id: 'dn_scale', slug: 'scale', versionId: 'dv_scale' };

const batchRows = 50_000;
const people = 2_000;

/** Words with a known number of rows of a million: what is searched for. Every row also has 48 words of a vocabulary of 20,000. */
export const plantedWords = { one: 'needle', hundred: 'hundredth', tenThousand: 'percent', all: 'always' } as const;

/**
 * Fills a migrated database with one Datanet of `rows` accepted rows of some 300 bytes, 2,000 authors, and a version of all of them.
 * Made by the database itself; indexes are made after the rows, as one restores a dump. About 2 minutes a million on one core.
 */
export async function makeRows(url: string, rows: number, log: (remark: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // No triggers while the rows come: what they would write is written below, from the rows.
    await client.query('set session_replication_role = replica; set max_parallel_workers_per_gather = 0');
    await client.query("set maintenance_work_mem = '512MB'; select setseed(0.5)");
    await makeDatanet(client);
    const indexes = await dropIndexes(client);
    for (let from = 0; from < rows; from += batchRows) {
      await client.query(rowsSql, [from, Math.min(from + batchRows, rows) - 1]);
      log(`${Math.min(from + batchRows, rows)} of ${rows} rows`);
    }
    for (const definition of indexes) await client.query(definition);
    await client.query(countsSql);
    await client.query(versionSql);
    log('rows and version are stored');
  } finally {
    await client.end();
  }
  await withClient(url, (plain) => plain.query('vacuum analyze'));
}

async function withClient(url: string, run: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await run(client).finally(() => client.end());
}

async function makeDatanet(client: pg.Client): Promise<void> {
  const fields = ['prompt', 'completion'].map((name) => ({ name, label: name, maxChars: 4000 }));
  await client.query(
    `insert into datanets (id, slug, owner, title, domain, language, summary, description, rubric, fields, license, meta_hash, created_at)
     values ('dn_scale', 'scale', $1, 'A million rows', 'support', 'en', 'For measuring.', 'Rows made by the benchmark.',
       '[]', $2, 'CC0-1.0', '0x' || repeat('5', 64), now())`,
    [`0x${'9'.repeat(40)}`, JSON.stringify(fields)],
  );
  await client.query(
    `insert into contributions (id, datanet_id, contributor, source, idempotency_key, row_count, created_at)
     select 'ctr_' || k, 'dn_scale', '0x' || lpad(k::text, 40, '0'), 'benchmark', 'k' || k, 0, now()
     from generate_series(0, ${people - 1}) k`,
  );
}

/** Drops all indexes of `examples` but its key, and returns how to make them again. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ indexname: string; indexdef: string }>(
    `select indexname, indexdef from pg_indexes where tablename = 'examples' and indexname <> 'examples_pkey'`,
  );
  for (const { indexname } of rows) await client.query(`drop index ${client.escapeIdentifier(indexname)}`);
  return rows.map(({ indexdef }) => indexdef);
}

const words = (count: number) =>
  `(select string_agg('w' || floor(power(random(), 3) * 20000)::int, ' ') from generate_series(1, ${count} + 0 * n))`;

const rowsSql = `
  insert into examples (id, datanet_id, contribution_id, contributor, data, content_hash, status, reviewed_by, reviewed_at, created_at)
  select 'ex_' || lpad(n::text, 26, '0'), 'dn_scale', 'ctr_' || n * 7919 % ${people},
    '0x' || lpad((n * 7919 % ${people})::text, 40, '0'), jsonb_build_object('prompt', ${words(8)}, 'completion', ${words(40)}
      || ' ${plantedWords.all}' || case when n % 100 = 3 then ' ${plantedWords.tenThousand}' else '' end
      || case when n % 10000 = 7 then ' ${plantedWords.hundred}' else '' end
      || case when n = 654321 then ' ${plantedWords.one}' else '' end),
    '0x' || encode(sha256(n::text::bytea), 'hex'), 'accepted', '0x${'9'.repeat(40)}', now(), now()
  from generate_series($1::bigint, $2::bigint) n`;

const countsSql = `
  insert into example_counts (datanet_id, status, contributor, rows, last_at)
  select datanet_id, status, contributor, count(*), max(created_at) from examples group by 1, 2, 3`;

const versionSql = `
  insert into datanet_versions (id, datanet_id, number, root, row_count, contributor_count, object_key, frozen_by, created_at)
  select 'dv_scale', 'dn_scale', 1, '0x' || repeat('7', 64), count(*), ${people}, 'sha256/none', '0x${'9'.repeat(40)}', now()
  from examples;
  insert into version_examples (version_id, leaf_index, example_id)
  select 'dv_scale', row_number() over (order by id) - 1, id from examples`;
