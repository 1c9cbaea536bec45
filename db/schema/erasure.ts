import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { address, at, hash } from '../columns.ts';
import { datanets, examples } from './datanets.ts';

/**
 * The secret that a Datanet's row salts come from (lib/kernel/row-salt.ts). It makes the hash in a row's leaf one that nobody can compare
 * with a guess once the row's salt is destroyed. Never leaves the server.
 */
export const datanetSaltKeys = pgTable('datanet_salt_keys', {
  datanetId: text('datanet_id')
    .primaryKey()
    .references(() => datanets.id),
  secret: hash('secret').notNull(),
  createdAt: at('created_at').notNull(),
});

/** A row whose text is destroyed. `receipt` is null while files that hold it are being rewritten. */
export const erasures = pgTable(
  'erasures',
  {
    exampleId: text('example_id')
      .primaryKey()
      .references(() => examples.id),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    requestedBy: address('requested_by').notNull(),
    requestedAt: at('requested_at').notNull(),
    receipt: jsonb('receipt').$type<Record<string, unknown>>(), // lib/kernel/erasure-receipt.ts
    receiptHash: hash('receipt_hash'),
    signature: text('signature'),
    erasedAt: at('erased_at'),
  },
  (t) => [index('erasures_datanet').on(t.datanetId, t.exampleId)],
);
