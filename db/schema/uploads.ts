import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at } from '../columns.ts';
import { contributions, datanets } from './datanets.ts';

/**
 * receiving: pieces of the file are coming · reading: the worker judges and stores its rows · done · failed: it cannot be read at all,
 * `failure` says why · dropped: its sender gave it up, or it lay unfinished too long.
 */
export type UploadStatus = 'receiving' | 'reading' | 'done' | 'failed' | 'dropped';
export type UploadCounts = { new: number; duplicate: number; held: number; invalid: number };
/** A row that was not stored, and why, as a sentence. */
export type UploadFault = { line: number; what: string };

/** A file that is too large to be sent at once. It comes in pieces, which lie in the object store until its rows are read. */
export const uploads = pgTable(
  'uploads',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    contributor: address('contributor').notNull(),
    fileName: text('file_name').notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    receivedBytes: bigint('received_bytes', { mode: 'number' }).notNull(),
    idempotencyKey: text('idempotency_key').notNull(), // the browser's for this file: chosen again, it goes on
    status: text('status').$type<UploadStatus>().notNull(),
    failure: text('failure'),
    /** Field to column; fields that it leaves out are guessed. */
    mapping: jsonb('mapping').$type<Record<string, string>>().notNull(),
    contributionId: text('contribution_id').references(() => contributions.id),
    /** Where reading has come to: written with the rows themselves, so that a job that starts again goes on there. */
    readBytes: bigint('read_bytes', { mode: 'number' }).notNull(),
    readLines: integer('read_lines').notNull(),
    counts: jsonb('counts').$type<UploadCounts>().notNull(),
    faults: jsonb('faults').$type<UploadFault[]>().notNull(), // the first 200
    createdAt: at('created_at').notNull(),
    changedAt: at('changed_at').notNull(),
  },
  (t) => [
    uniqueIndex('uploads_idempotency').on(t.contributor, t.datanetId, t.idempotencyKey),
    index('uploads_status').on(t.status, t.changedAt),
  ],
);
