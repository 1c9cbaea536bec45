import { type SQL, sql } from 'drizzle-orm';

/** Whose passes count, at which moment. */
export type Asker = { account: string; now: Date };

/**
 * Condition: the asker (null: a visitor) would be let ask the model of this row: it is open to all, theirs, or they hold a pass.
 *
 * @param alias of `models` in the query
 */
export function mayAsk(alias: 'm', asker: Asker | null): SQL {
  const account = asker?.account.toLowerCase() ?? null;
  return sql`may_ask(${sql.raw(alias)}.id, ${account}, ${asker?.now.toISOString() ?? null}::timestamptz)`;
}
