import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { address, at } from '../columns.ts';
import { examples } from './datanets.ts';

/**
 * Names of authors who have no wallet here. Their account is computed from the name (lib/kernel/handle-account.ts) and nobody has its
 * key; what it earns waits in the ledger until the name is bound to a wallet.
 */
export const handles = pgTable('handles', {
  account: address('account').primaryKey(),
  handle: text('handle').notNull().unique(), // canonical spelling, `namespace:name`
  createdAt: at('created_at').notNull(),
});

/** Authors of a row beside its contributor, who is the first: they share what collecting it earns equally. */
export const exampleAuthors = pgTable(
  'example_authors',
  {
    exampleId: text('example_id')
      .notNull()
      .references(() => examples.id),
    position: integer('position').notNull(), // from 1
    account: address('account').notNull(),
  },
  (t) => [primaryKey({ columns: [t.exampleId, t.position] }), index('example_authors_account').on(t.account)],
);
