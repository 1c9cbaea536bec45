import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at, hash, wei } from '../columns.ts';
import { models, receipts } from './models.ts';

/**
 * Who may ask a model, and what a pass costs, by family (the model's first version): the newest line holds, and without one everybody
 * may ask. Lines are never changed, so they are the history too. A kind of pass without a price is not sold.
 */
export const passOffers = pgTable(
  'pass_offers',
  {
    id: text('id').primaryKey(), // sortable by time
    familyId: text('family_id')
      .notNull()
      .references(() => models.id),
    access: text('access').$type<'everybody' | 'holders'>().notNull(),
    days: integer('days'),
    daysWei: wei('days_wei'),
    answers: integer('answers'),
    answersWei: wei('answers_wei'),
    setBy: address('set_by').notNull(),
    setAt: at('set_at').notNull(),
  },
  (t) => [
    index('pass_offers_newest').on(t.familyId, t.id),
    check('pass_offers_days', sql`(${t.days} is null) = (${t.daysWei} is null)`),
    check('pass_offers_answers', sql`(${t.answers} is null) = (${t.answersWei} is null)`),
  ],
);

/** Passes by their holders: either by time (`until`) or by number of answers (`answers_left`). Bought ones name what was paid. */
export const modelPasses = pgTable(
  'model_passes',
  {
    id: text('id').primaryKey(), // sortable by time
    familyId: text('family_id')
      .notNull()
      .references(() => models.id),
    holder: address('holder').notNull(),
    source: text('source').$type<'granted' | 'bought'>().notNull(),
    until: at('until'),
    answers: integer('answers'), // when it was made
    answersLeft: integer('answers_left'), // an answer that runs is taken off, and given back when it fails
    priceWei: wei('price_wei').notNull(),
    channelId: hash('channel_id'),
    apiKeyId: text('api_key_id'),
    idempotencyKey: text('idempotency_key'), // the holder's; of a bought one
    receiptId: text('receipt_id')
      .unique()
      .references(() => receipts.id),
    createdAt: at('created_at').notNull(),
    revokedAt: at('revoked_at'),
  },
  (t) => [
    index('model_passes_holder').on(t.holder, t.familyId),
    index('model_passes_family').on(t.familyId, t.id),
    index('model_passes_channel').on(t.channelId),
    uniqueIndex('model_passes_idempotency').on(t.holder, t.idempotencyKey),
    check('model_passes_one_kind', sql`(${t.until} is null) <> (${t.answersLeft} is null)`),
    check('model_passes_left', sql`${t.answersLeft} between 0 and ${t.answers}`),
    check('model_passes_bought', sql`${t.source} = 'granted' or ${t.revokedAt} is null`),
  ],
);
