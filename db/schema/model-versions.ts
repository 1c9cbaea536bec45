import { index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at } from '../columns.ts';
import { models } from './models.ts';

/**
 * Versions of one model: each is a row of `models` of its own, so that receipts name the one that answered. The family is the first
 * of them, which has number 1; a model without a second version has no row here.
 */
export const modelVersions = pgTable(
  'model_versions',
  {
    modelId: text('model_id')
      .primaryKey()
      .references(() => models.id),
    familyId: text('family_id')
      .notNull()
      .references(() => models.id),
    number: integer('number').notNull(),
  },
  (t) => [uniqueIndex('model_versions_number').on(t.familyId, t.number)],
);

/**
 * Which version answers for a family: the newest line whose version is live. Lines are never changed, so they are the history, and an
 * earlier version chosen again is the way back.
 */
export const modelChoices = pgTable(
  'model_choices',
  {
    id: text('id').primaryKey(), // sortable by time
    familyId: text('family_id')
      .notNull()
      .references(() => models.id),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    setBy: address('set_by').notNull(),
    setAt: at('set_at').notNull(),
  },
  (t) => [index('model_choices_newest').on(t.familyId, t.id)],
);

/** What the owner says of a model, in Markdown; without one the page shows the draft that follows from the facts. */
export const modelCards = pgTable('model_cards', {
  modelId: text('model_id')
    .primaryKey()
    .references(() => models.id),
  body: text('body').notNull(),
  updatedAt: at('updated_at').notNull(),
});
