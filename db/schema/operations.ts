import { bigint, pgTable, text } from 'drizzle-orm/pg-core';
import { at, wei } from '../columns.ts';

/** What must not be and is: one row as long as it lasts. Operators see it on the status page and in the metrics. */
export const alarms = pgTable('alarms', {
  key: text('key').primaryKey(), // e.g. short:attributionLedger, nodes
  message: text('message').notNull(),
  since: at('since').notNull(),
  seenAt: at('seen_at').notNull(),
});

/**
 * The last reconciliation of each contract that holds OPEN: what it holds, and what it should by its own events. Both at the
 * same block. A short one has an alarm, and as long as it lasts no claim is offered.
 */
export const reconciliations = pgTable('reconciliations', {
  contract: text('contract').primaryKey(), // name in the deployment
  heldWei: wei('held_wei').notNull(),
  owedWei: wei('owed_wei').notNull(),
  blockNumber: bigint('block_number', { mode: 'number' }).notNull(),
  checkedAt: at('checked_at').notNull(),
});
