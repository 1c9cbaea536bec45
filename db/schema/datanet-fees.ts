import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { wei } from '../columns.ts';
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
