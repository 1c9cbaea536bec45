import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { address, at } from '../columns.ts';
import { models } from './models.ts';

/**
 * Who paid for answers of a model (by the first of its versions), and when last, to within a day: how many payers a model had in a month is
 * one look at an index, however many answers there are. Written when an answer is charged.
 */
export const modelPayers = pgTable(
  'model_payers',
  {
    familyId: text('family_id')
      .notNull()
      .references(() => models.id),
    payer: address('payer').notNull(),
    lastPaidAt: at('last_paid_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.familyId, t.payer] }), index('model_payers_newest').on(t.familyId, t.lastPaidAt)],
);
