import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDuckDB, type DuckDBBindings, NODE_RUNTIME, VoidLogger } from '@duckdb/duckdb-wasm/blocking';
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parquetTables } from './parquet-tables.ts';
import { closedSettings } from './settings.ts';

const count = 250;
const textOf = (i: number) => (i % 7 === 3 ? null : `Zeile ${i}: "雪", it’s ${'n'.repeat(i % 5)}`);
const timeOf = (i: number) => new Date(Date.UTC(2026, 0, 1 + (i % 40), 12));

let db: DuckDBBindings;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'openledger-sql-'));
  const path = join(folder, 'rows.parquet');
  const columnData = (from: number, to: number) => {
    const range = Array.from({ length: to - from }, (_, i) => from + i);
    const text = { name: 'prompt', type: 'STRING' as const, data: range.map(textOf) };
    return [text, { name: 'contributed_at', type: 'TIMESTAMP' as const, data: range.map(timeOf) }];
  };
  const parquet = new ParquetWriter({
    writer: fileWriter(path),
    schema: schemaFromColumnData({ columnData: columnData(0, 0) }),
  });
  for (let from = 0; from < count; from += 100) {
    await parquet.write({ columnData: columnData(from, Math.min(from + 100, count)), rowGroupSize: 100 });
  }
  await parquet.finish();
  const bytes = readFileSync(path);
  rmSync(folder, { recursive: true });
  const engine = (file: string) => createRequire(import.meta.url).resolve(`@duckdb/duckdb-wasm/dist/${file}`);
  const bundle = { mainModule: engine('duckdb-eh.wasm'), mainWorker: '' };
  const opened = await createDuckDB({ mvp: bundle, eh: bundle }, new VoidLogger(), NODE_RUNTIME);
  db = await opened.instantiate(() => {});
  const connection = db.connect();
  connection.query(closedSettings);
  let rows = 0;
  // As our pages' Content-Security-Policy has it: no text becomes code.
  vi.stubGlobal('Function', () => {
    throw new EvalError('a text was compiled');
  });
  for await (const group of parquetTables(new Uint8Array(bytes).buffer)) {
    connection.insertArrowFromIPCStream(group.stream, { name: 'rows', create: rows === 0 });
    rows += group.rows;
  }
  vi.unstubAllGlobals();
  connection.close();
});

const ask = (sql: string) => {
  const connection = db.connect();
  try {
    return connection
      .query(sql)
      .toArray()
      .map((row: { toJSON(): unknown }) => row.toJSON());
  } finally {
    connection.close();
  }
};

describe('the SQL console’s table', () => {
  it('holds every row of the Parquet file, texts and missing ones as they are', () => {
    expect(ask('select count(*)::int as n, count(prompt)::int as texts from rows')).toEqual([
      { n: count, texts: Array.from({ length: count }, (_, i) => textOf(i)).filter((text) => text !== null).length },
    ]);
    expect(ask(`select prompt from rows where prompt like 'Zeile 249:%'`)).toEqual([{ prompt: textOf(249) }]);
  });

  it('has times that compare as times', () => {
    const days = new Set(
      Array.from({ length: count }, (_, i) => timeOf(i))
        .filter((time) => time < new Date('2026-01-11T00:00:00Z'))
        .map(String),
    );
    expect(
      ask(`select count(distinct contributed_at)::int as n from rows where contributed_at < '2026-01-11'`),
    ).toEqual([{ n: days.size }]);
  });

  it.each([
    ['a file', `select * from read_csv('/etc/passwd')`],
    ['an address', `select * from 'http://127.0.0.1/rows.csv'`],
    ['an extension', 'load httpfs'],
    ['the settings themselves', 'set enable_external_access = true'],
  ])('reaches nothing but its rows: not %s', (_, sql) => {
    expect(() => ask(sql)).toThrow();
  });
});
