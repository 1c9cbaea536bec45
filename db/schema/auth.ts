import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { address, at, wei } from '../columns.ts';

/** Single-use sign-in nonces (EIP-4361). Used once: `usedAt` is set in the same statement that checks it. */
export const authNonces = pgTable('auth_nonces', {
  nonce: text('nonce').primaryKey(),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
});

/** Server-side sessions; the cookie holds the token, the table only its SHA-256. */
export const sessions = pgTable('sessions', {
  tokenHash: text('token_hash').primaryKey(),
  address: address('address').notNull(),
  createdAt: at('created_at').notNull(),
  expiresAt: at('expires_at').notNull(),
});

/** ask: answers that cost; train: files and fine-tuning; data: everything else that writes. Reading needs none. */
export type ApiKeyScope = 'ask' | 'train' | 'data';

/** API keys: shown once, stored as SHA-256. `budgetWei` caps what the key may spend from its owner's channel. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    owner: address('owner').notNull(),
    name: text('name').notNull(),
    prefix: text('prefix').notNull(),
    keyHash: text('key_hash').notNull().unique(),
    budgetWei: wei('budget_wei').notNull(),
    spentWei: wei('spent_wei').notNull(),
    // Keys from before there were scopes could do everything.
    scopes: text('scopes').array().$type<ApiKeyScope[]>().notNull().default(sql`'{ask,train,data}'`),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at'), // null: until it is revoked
    lastUsedAt: at('last_used_at'),
    revokedAt: at('revoked_at'),
  },
  (t) => [index('api_keys_owner').on(t.owner)],
);

/** Fixed-window counters for rate limits and the free quota: one row a subject and window. */
export const rateLimits = pgTable('rate_limits', {
  key: text('key').primaryKey(),
  count: integer('count').notNull(),
  expiresAt: at('expires_at').notNull(),
});
