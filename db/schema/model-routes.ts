import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { address, at } from '../columns.ts';
import { models } from './models.ts';

/**
 * Which part of the questions to a model's name (`model_id` is its first version) another of its owner's models answers: the newest line holds, and `percent` 0 is
 * a way back. Lines are never changed, so they are the history too.
 */
export const modelRoutes = pgTable(
  'model_routes',
  {
    id: text('id').primaryKey(), // sortable by time
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    canaryId: text('canary_id')
      .notNull()
      .references(() => models.id),
    percent: integer('percent').notNull(), // 0 to 100
    setBy: address('set_by'), // null: the installation itself, for the reason that it gives
    reason: text('reason'),
    setAt: at('set_at').notNull(),
  },
  (t) => [index('model_routes_newest').on(t.modelId, t.id)],
);
