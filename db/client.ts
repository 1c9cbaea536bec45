import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as attacks from './schema/attacks.ts';
import * as audits from './schema/audits.ts';
import * as auth from './schema/auth.ts';
import * as challenges from './schema/challenges.ts';
import * as datanetFees from './schema/datanet-fees.ts';
import * as datanets from './schema/datanets.ts';
import * as lineage from './schema/lineage.ts';
import * as models from './schema/models.ts';
import * as operations from './schema/operations.ts';
import * as settlement from './schema/settlement.ts';

const schema = {
  ...attacks,
  ...audits,
  ...auth,
  ...challenges,
  ...datanetFees,
  ...datanets,
  ...lineage,
  ...models,
  ...operations,
  ...settlement,
};

export type Database = NodePgDatabase<typeof schema>;
/** A database or an open transaction on it; use cases that write take the former and open the latter. */
export type DatabaseOrTransaction = Database | Parameters<Parameters<Database['transaction']>[0]>[0];

/** Opens a pool. `close` waits for queries under way. */
export function openDatabase(
  url: string,
  options: { max?: number } = {},
): { db: Database; pool: pg.Pool; close(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, max: options.max ?? 10 });
  // Without a listener an idle client that loses its server kills the process; the next query reports the failure.
  pool.on('error', () => {});
  // The pool listens to idle clients only: one that loses its server inside a transaction would end the process too.
  pool.on('connect', (client) => client.on('error', () => {}));
  return { db: drizzle(pool, { schema }), pool, close: () => pool.end() };
}
