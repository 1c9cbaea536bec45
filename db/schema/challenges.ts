import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at } from '../columns.ts';
import { receipts } from './models.ts';

export type ChallengeStatus = 'queued' | 'upheld' | 'rejected' | 'failed';
export type ChallengeStep = { id: string; name: string; state: 'ok' | 'differs' | 'skipped'; detail: string };

/**
 * Somebody's demand to compute a receipt again. queued: a job does it, and no new reward period takes the receipt · upheld: it
 * differs, the receipt is frozen and never paid as it is · rejected: every step came out the same · failed: the check could not be
 * done (holds nothing back; the operators see why).
 */
export const receiptChallenges = pgTable(
  'receipt_challenges',
  {
    id: text('id').primaryKey(),
    receiptId: text('receipt_id')
      .notNull()
      .references(() => receipts.id),
    challenger: address('challenger').notNull(),
    status: text('status').$type<ChallengeStatus>().notNull(),
    step: text('step'), // the first that differs; of a failed check why it could not be done
    detail: text('detail'),
    steps: jsonb('steps').$type<ChallengeStep[]>(), // all that were recomputed, in order
    createdAt: at('created_at').notNull(),
    decidedAt: at('decided_at'),
  },
  (t) => [
    uniqueIndex('receipt_challenges_open').on(t.receiptId).where(sql`status = 'queued'`),
    index('receipt_challenges_receipt').on(t.receiptId, t.createdAt),
    index('receipt_challenges_challenger').on(t.challenger, t.createdAt),
    index('receipt_challenges_status').on(t.status),
  ],
);
