import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { hash } from '../columns.ts';
import { adapters, models, trainingRuns } from './models.ts';

/**
 * What a run merged in place of training: live models of one base, each with its weight; the weights sum to 1,000,000. A run with parents is
 * a merge. `versionHash`: the version that was live then, for the royalty that its owner is paid.
 */
export const mergeParents = pgTable(
  'merge_parents',
  {
    runId: text('run_id')
      .notNull()
      .references(() => trainingRuns.id),
    position: integer('position').notNull(),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    adapterId: text('adapter_id')
      .notNull()
      .references(() => adapters.id),
    versionHash: hash('version_hash').notNull(),
    weightPpm: integer('weight_ppm').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.runId, t.position] }),
    index('merge_parents_model').on(t.modelId),
    index('merge_parents_adapter').on(t.adapterId),
  ],
);
