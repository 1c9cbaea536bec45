import pg from 'pg';
import { bandKeys } from '#lib/kernel/near-copies/band-keys.ts';
import { sketchRow } from '#lib/kernel/near-copies/row-sketch.ts';
import { scaleDatanet } from './million-rows.ts';

const batchRows = 5_000;

// Made rows have ids below `ex_01`: nothing was made in the years that begin so.

/**
 * Gives each of the made rows the scorecard and the keys that the guard gives to rows that come one by one; without them a look-up
 * for near copies would ask an empty index. Goes on where a run was cut short. Some 4 minutes a million on one core.
 */
export async function makeChecks(url: string, rows: number, log: (remark: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      "set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '512MB'",
    );
    const { rows: newest } = await client.query<{ id: string | null }>(
      `select max(example_id) as id from row_checks where datanet_id = $1 and example_id < 'ex_01'`,
      [scaleDatanet.id],
    );
    await client.query('drop index if exists row_checks_bands');
    let after = newest[0]?.id ?? '';
    for (let done = 0; ; ) {
      const { rows: batch } = await client.query<{ id: string; data: Record<string, string> }>(
        `select id, data from examples where datanet_id = $1 and status = 'accepted' and id > $2 and id < 'ex_01' order by id limit ${batchRows}`,
        [scaleDatanet.id, after],
      );
      if (batch.length === 0) break;
      const checks = batch.map(({ id, data }) => {
        const { bands } = sketchRow([data.prompt!, data.completion!]);
        return { id, bands: bandKeys(bands, scaleDatanet.id) };
      });
      await client.query(checksSql, [scaleDatanet.id, JSON.stringify(checks)]);
      after = batch.at(-1)!.id;
      done += batch.length;
      if (done % 50_000 === 0) log(`keys of ${done} of ${rows} rows`);
    }
    log('keys are stored; their index is made');
    await client.query(
      'create index if not exists row_checks_bands on row_checks using gin (bands) with (fastupdate = off)',
    );
    await client.query('vacuum analyze row_checks');
  } finally {
    await client.end();
  }
}

const checksSql = `
  insert into row_checks (example_id, datanet_id, score, held, reasons, bands, scanned_at)
  select r.id, $1, 100, false, '[]', r.bands, now() from json_to_recordset($2::json) as r(id text, bands int[])
  on conflict do nothing`;
