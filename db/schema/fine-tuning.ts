import { index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { address, at, hash } from '../columns.ts';
import { datanetVersions } from './datanets.ts';
import { models, trainingRuns } from './models.ts';

/** A file of `/v1/files`: its bytes lie in the object store; its rows are a version of a private Datanet once a job trains on it. */
export const trainingFiles = pgTable(
  'training_files',
  {
    id: text('id').primaryKey(),
    owner: address('owner').notNull(),
    filename: text('filename').notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    sha256: hash('sha256').notNull(),
    objectKey: text('object_key').notNull(),
    rowCount: integer('row_count').notNull(),
    versionId: text('version_id').references(() => datanetVersions.id),
    createdAt: at('created_at').notNull(),
    deletedAt: at('deleted_at'),
  },
  (t) => [index('training_files_owner').on(t.owner, t.id), index('training_files_version').on(t.versionId)],
);

/** A job of `/v1/fine_tuning/jobs`: one training run on one file. `modelId`: what its owner alone may ask, once it is trained. */
export const fineTuningJobs = pgTable(
  'fine_tuning_jobs',
  {
    id: text('id').primaryKey(),
    owner: address('owner').notNull(),
    fileId: text('file_id')
      .notNull()
      .references(() => trainingFiles.id),
    runId: text('run_id')
      .notNull()
      .unique()
      .references(() => trainingRuns.id),
    suffix: text('suffix'),
    hyperparameters: jsonb('hyperparameters').$type<Record<string, number | 'auto'>>().notNull(),
    metadata: jsonb('metadata').$type<Record<string, string>>(),
    modelId: text('model_id')
      .unique()
      .references(() => models.id),
    createdAt: at('created_at').notNull(),
  },
  (t) => [index('fine_tuning_jobs_owner').on(t.owner, t.id)],
);
