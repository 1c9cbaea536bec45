import { sql } from 'drizzle-orm';
import { type AnyPgColumn, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { TaskBody, TaskReceiptBody } from '../../lib/kernel/task/task-schema.ts';
import { address, at, hash, wei } from '../columns.ts';
import { receipts } from './models.ts';

/**
 * What an app or agent does for somebody, opened with its signature before it calls a model. `accepted`: the asker agreed to the
 * price, which is held on their channel until the task is closed. Answers name their task in `inferences.params`.
 */
export const tasks = pgTable(
  'tasks',
  {
    id: text('id').primaryKey(),
    app: address('app').notNull(),
    asker: address('asker'), // null: free of charge
    parentId: text('parent_id').references((): AnyPgColumn => tasks.id),
    body: jsonb('body').$type<TaskBody>().notNull(),
    hash: hash('hash').notNull(),
    signature: text('signature').notNull(),
    status: text('status').$type<'open' | 'accepted' | 'closed'>().notNull(),
    channelId: hash('channel_id'),
    apiKeyId: text('api_key_id'), // of the asker's acceptance; its budget counts the hold
    heldWei: wei('held_wei').notNull(),
    receiptBody: jsonb('receipt_body').$type<TaskReceiptBody>(),
    receiptHash: hash('receipt_hash'),
    appSignature: text('app_signature'),
    gatewaySignature: text('gateway_signature'),
    receiptId: text('receipt_id')
      .unique()
      .references(() => receipts.id), // null: nothing was charged
    openedAt: at('opened_at').notNull(),
    closedAt: at('closed_at'),
  },
  (t) => [
    index('tasks_app').on(t.app, t.openedAt),
    index('tasks_asker').on(t.asker, t.openedAt),
    index('tasks_parent').on(t.parentId),
    index('tasks_channel').on(t.channelId),
    index('tasks_unclosed').on(t.openedAt).where(sql`${t.status} <> 'closed'`),
  ],
);
