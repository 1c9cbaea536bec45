import { AsyncDuckDB, type AsyncDuckDBConnection, VoidLogger } from '@duckdb/duckdb-wasm';
import { closedSettings } from './settings.ts';

// Both files are served by ourselves, beside our own scripts. The build for browsers with WebAssembly exceptions: all since 2022.
const engine = new URL('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm', import.meta.url).href;
const worker = new URL('@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js', import.meta.url).href;

export type OpenDuckdb = { connection: AsyncDuckDBConnection; close(): Promise<void> };

/** DuckDB in a worker of this page (34 MB, fetched once). It has no network and no files: rows are put into it. */
export async function openDuckdb(): Promise<OpenDuckdb> {
  const running = new Worker(worker);
  const db = new AsyncDuckDB(new VoidLogger(), running);
  await db.instantiate(engine);
  const connection = await db.connect();
  await connection.query(closedSettings);
  return { connection, close: () => db.terminate() };
}
