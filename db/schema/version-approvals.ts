import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { address, at } from '../columns.ts';
import { datanetVersions } from './datanets.ts';

/**
 * Signatures of curators under a proposed version (EIP-712 `AcceptBatch` of DatanetRegistry), collected until there are as many as the
 * policy asks for. They say nothing by themselves: the registry checks each one when somebody brings them.
 */
export const versionApprovals = pgTable(
  'version_approvals',
  {
    versionId: text('version_id')
      .notNull()
      .references(() => datanetVersions.id),
    batch: text('batch').notNull(), // the number of the proposal on chain, decimal
    curator: address('curator').notNull(),
    signature: text('signature').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.versionId, t.batch, t.curator] })],
);
