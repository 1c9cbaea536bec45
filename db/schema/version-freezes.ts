import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at } from '../columns.ts';
import { datanets, datanetVersions } from './datanets.ts';

/** stopping: somebody asked to stop, and the worker has not seen it yet. The last three are ends. */
export type FreezeStatus = 'queued' | 'scanning' | 'writing' | 'stopping' | 'done' | 'failed' | 'stopped';

/** A version that is being made by a worker. One at a time for a Datanet. */
export const versionFreezes = pgTable(
  'version_freezes',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    requestedBy: address('requested_by').notNull(),
    status: text('status').$type<FreezeStatus>().notNull(),
    rowsDone: integer('rows_done').notNull().default(0),
    versionId: text('version_id').references(() => datanetVersions.id),
    failure: text('failure'), // a sentence for people
    createdAt: at('created_at').notNull(),
    endedAt: at('ended_at'),
  },
  (t) => [
    uniqueIndex('version_freezes_open').on(t.datanetId).where(sql`ended_at is null`),
    index('version_freezes_datanet').on(t.datanetId, t.id),
  ],
);
