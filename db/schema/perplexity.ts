import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { at } from '../columns.ts';
import { datanets, examples } from './datanets.ts';

/** What a base model makes of a row's text. Dies with the text. */
export const rowPerplexities = pgTable(
  'row_perplexities',
  {
    exampleId: text('example_id')
      .primaryKey()
      .references(() => examples.id),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    baseModel: text('base_model').notNull(),
    tokens: integer('tokens').notNull(), // that were read; 0: the text has too few
    milliNats: integer('milli_nats').notNull(), // mean loss of a token: the logarithm of the perplexity
    verdict: text('verdict').$type<'usual' | 'high' | 'low'>(), // null: a reference, or too few rows to compare with
    measuredAt: at('measured_at').notNull(),
  },
  (t) => [index('row_perplexities_datanet').on(t.datanetId, t.exampleId)],
);
