import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at, hash, wei } from '../columns.ts';
import { receipts, trainingRuns } from './models.ts';

/** How the piece of training that a bill is for ended; `running`: it goes on; `ours`: it failed for a cause of this installation. */
export type BillOutcome = 'running' | 'succeeded' | 'stopped' | 'cancelled' | 'failed' | 'ours';

/**
 * What a run costs, from its start (or resume) to its end (or stop), a long one in pieces: held while the run is open, settled once, in the
 * transaction that ends it or opens the next piece. Invariant: a run has a held bill only while it waits for a worker or has one.
 */
export const trainingBills = pgTable(
  'training_bills',
  {
    id: text('id').primaryKey(),
    runId: text('run_id')
      .notNull()
      .references(() => trainingRuns.id),
    payer: address('payer').notNull(),
    channelId: hash('channel_id'), // null: the day's free tokens are enough
    apiKeyId: text('api_key_id'),
    status: text('status').$type<'held' | 'settled'>().notNull(),
    outcome: text('outcome').$type<BillOutcome>(),
    weiPerThousandTokens: wei('wei_per_thousand_tokens').notNull(),
    expectedTokens: bigint('expected_tokens', { mode: 'number' }).notNull(), // at most, when it was held
    tokens: bigint('tokens', { mode: 'number' }).notNull().default(0), // trained and not billed before; 0 while it is held
    freeTokens: bigint('free_tokens', { mode: 'number' }).notNull(), // out of the day's allowance: held, then used
    ceilingWei: wei('ceiling_wei').notNull(),
    feeWei: wei('fee_wei').notNull(),
    receiptId: text('receipt_id')
      .unique()
      .references(() => receipts.id),
    createdAt: at('created_at').notNull(),
    settledAt: at('settled_at'),
  },
  (t) => [
    uniqueIndex('training_bills_open').on(t.runId).where(sql`${t.status} = 'held'`),
    index('training_bills_run').on(t.runId),
    index('training_bills_payer').on(t.payer, t.createdAt),
    index('training_bills_channel').on(t.channelId),
    index('training_bills_unsigned').on(t.settledAt).where(sql`${t.receiptId} is null and ${t.feeWei} > 0`),
  ],
);
