import type { AsyncDuckDBConnection } from '@duckdb/duckdb-wasm';

/** Rows that are shown of an answer; a question that wants more is asked with LIMIT or aggregates. */
const shownRows = 500;

export type SqlAnswer = { columns: string[]; rows: string[][]; isCut: boolean; ms: number };

/** Asks and takes the first 500 rows as text; the rest is not computed. Throws DuckDB's own message, which names the place. */
export async function runQuestion(connection: AsyncDuckDBConnection, sql: string): Promise<SqlAnswer> {
  const started = performance.now();
  const batches = await connection.send(sql);
  const rows: string[][] = [];
  let columns: string[] = [];
  for await (const batch of batches) {
    columns = batch.schema.fields.map(({ name }) => name);
    for (let i = 0; i < batch.numRows && rows.length <= shownRows; i++) {
      rows.push(columns.map((_, c) => toText(batch.getChildAt(c)?.get(i))));
    }
    if (rows.length > shownRows) {
      await connection.cancelSent();
      break;
    }
  }
  const isCut = rows.length > shownRows;
  return { columns, rows: rows.slice(0, shownRows), isCut, ms: performance.now() - started };
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return '∅';
  if (typeof value === 'object' && !(value instanceof Date))
    return JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v));
  return String(value);
}
