import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at, hash } from '../columns.ts';
import { datanets, examples } from './datanets.ts';

/** Who may read the rows of a Datanet that is not public (lib/access/types.ts); a Datanet without a line here is public. */
export type AccessTier = 'gated' | 'encrypted' | 'compute';
export const datanetAccess = pgTable('datanet_access', {
  datanetId: text('datanet_id')
    .primaryKey()
    .references(() => datanets.id),
  tier: text('tier').$type<AccessTier>().notNull(),
  setBy: address('set_by').notNull(),
  setAt: at('set_at').notNull(),
});

/** Somebody asks to read. Signed by them (EIP-712); the signature also ties their public key to their account. */
export type AccessDecision = 'granted' | 'refused';
export const accessRequests = pgTable(
  'access_requests',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    account: address('account').notNull(),
    purpose: text('purpose').notNull(),
    publicKey: text('public_key').notNull(), // raw P-256 point, hex; 0x where the Datanet is not encrypted
    signature: text('signature').notNull().unique(),
    signedAt: at('signed_at').notNull(),
    createdAt: at('created_at').notNull(),
    decision: text('decision').$type<AccessDecision>(),
    decidedBy: address('decided_by'),
    decidedAt: at('decided_at'),
    reason: text('reason'),
  },
  (t) => [
    uniqueIndex('access_requests_open').on(t.datanetId, t.account).where(sql`decision is null`),
    index('access_requests_datanet').on(t.datanetId, t.id),
  ],
);

/** The owner's signed permission. It ends when it expires or is revoked, whichever is first; it is never changed. */
export const accessGrants = pgTable(
  'access_grants',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    requestId: text('request_id')
      .notNull()
      .unique()
      .references(() => accessRequests.id),
    grantee: address('grantee').notNull(),
    grantedBy: address('granted_by').notNull(),
    signature: text('signature').notNull(),
    expiresAt: at('expires_at').notNull(),
    createdAt: at('created_at').notNull(),
    revokedBy: address('revoked_by'),
    revokedAt: at('revoked_at'),
    revokeReason: text('revoke_reason'),
  },
  (t) => [index('access_grants_grantee').on(t.datanetId, t.grantee)],
);

/** A member's key pair: the public half, and the private half under a recovery code that only the member has. */
export const memberKeys = pgTable('member_keys', {
  account: address('account').primaryKey(),
  publicKey: text('public_key').notNull(),
  backup: text('backup').notNull(), // AES-GCM under the recovery code, hex
  createdAt: at('created_at').notNull(),
});

/** The data key of an encrypted Datanet in one era, wrapped for one member's public key. Nobody else can open it. */
export const dataKeyWraps = pgTable(
  'data_key_wraps',
  {
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    era: integer('era').notNull(), // from 1; a new one after a member was removed
    account: address('account').notNull(),
    wrapped: text('wrapped').notNull(), // lib/kernel/sealing/wrap-key.ts
    wrappedBy: address('wrapped_by').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.datanetId, t.era, t.account] })],
);

/** The text of a row of an encrypted Datanet, as the contributor's browser sealed it. */
export const sealedRows = pgTable(
  'sealed_rows',
  {
    exampleId: text('example_id')
      .primaryKey()
      .references(() => examples.id),
    datanetId: text('datanet_id').notNull(),
    era: integer('era').notNull(),
    fingerprint: hash('fingerprint').notNull(), // keyed hash of the text, the row's content hash
    ciphertext: text('ciphertext').notNull(), // AES-256-GCM under the row's own key, hex
    wrappedKey: text('wrapped_key'), // the row's key under the data key; null once it is shredded
  },
  (t) => [index('sealed_rows_datanet').on(t.datanetId, t.exampleId)],
);
