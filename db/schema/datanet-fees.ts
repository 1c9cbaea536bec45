import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { at, wei } from '../columns.ts';
import { rewardPeriods } from './settlement.ts';

/**
 * Leaf of a period's receipts tree: all protocol fees that answers with a Datanet ever paid, up to and with that period. Emissions
 * are matched to it (EmissionController). `datanet` is its number in DatanetRegistry, decimal.
 */
export const rewardDatanetFees = pgTable(
  'reward_datanet_fees',
  {
    periodId: text('period_id')
      .notNull()
      .references(() => rewardPeriods.id, { onDelete: 'cascade' }),
    datanet: text('datanet').notNull(),
    cumulativeWei: wei('cumulative_wei').notNull(),
  },
  (t) => [primaryKey({ columns: [t.periodId, t.datanet] })],
);

/** That stake pools got what an epoch's leaves gave them, and what emissions were released beside it. A row an epoch that became active. */
export const poolPayouts = pgTable('pool_payouts', {
  periodId: text('period_id')
    .primaryKey()
    .references(() => rewardPeriods.id, { onDelete: 'cascade' }),
  stakersWei: wei('stakers_wei').notNull(), // streamed to pools from their vaults
  emissionWei: wei('emission_wei').notNull(),
  refused: text('refused'), // which pools could not be paid and why; null: all were
  paidAt: at('paid_at').notNull(),
});
