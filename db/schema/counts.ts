import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { address, at } from '../columns.ts';
import { datanets, type ExampleStatus } from './datanets.ts';

/**
 * How many rows an account has in a Datanet, by state: kept, not counted. Triggers on `examples` write it in the statement that changes
 * the rows (migration 0024), so it is right in every snapshot; nothing else may. A state that an account has left stays with 0 rows.
 */
export const exampleCounts = pgTable(
  'example_counts',
  {
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    status: text('status').$type<ExampleStatus>().notNull(),
    contributor: address('contributor').notNull(),
    rows: integer('rows').notNull(),
    /** When the newest row that ever was in this state was contributed. */
    lastAt: at('last_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.datanetId, t.status, t.contributor] })],
);
