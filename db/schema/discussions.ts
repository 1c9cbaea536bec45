import { boolean, index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at } from '../columns.ts';
import { datanets, examples } from './datanets.ts';

/** What people say about a Datanet, or about one of its rows. One level of answers. */
export const comments = pgTable(
  'comments',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    exampleId: text('example_id').references(() => examples.id), // null: about the Datanet
    replyTo: text('reply_to'), // a comment that answers none itself
    author: address('author').notNull(),
    text: text('text').notNull(), // empty once its author has taken it back
    hidden: boolean('hidden').notNull().default(false), // by the newest of its moderations
    takenBackAt: at('taken_back_at'),
    idempotencyKey: text('idempotency_key').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('comments_idempotency').on(t.author, t.idempotencyKey),
    index('comments_place').on(t.datanetId, t.exampleId, t.replyTo, t.id),
    index('comments_replies').on(t.replyTo, t.id),
  ],
);

/** Who told the curators about a comment, and why. Once each. */
export const commentReports = pgTable(
  'comment_reports',
  {
    commentId: text('comment_id')
      .notNull()
      .references(() => comments.id),
    reporter: address('reporter').notNull(),
    reason: text('reason').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.commentId, t.reporter] })],
);

/** The public log of what curators hid and restored, with their reasons. */
export const commentModerations = pgTable(
  'comment_moderations',
  {
    id: text('id').primaryKey(),
    commentId: text('comment_id')
      .notNull()
      .references(() => comments.id),
    datanetId: text('datanet_id').notNull(),
    hides: boolean('hides').notNull(),
    by: address('by').notNull(),
    reason: text('reason').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [index('comment_moderations_datanet').on(t.datanetId, t.id)],
);
