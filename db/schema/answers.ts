import { index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, hash } from '../columns.ts';
import { contributions } from './datanets.ts';
import { inferences } from './models.ts';

export type CounterfactualStatus = 'queued' | 'running' | 'done' | 'failed';

/**
 * An answer asked again without some of its sources, for who asked it. The same question and sources are one line; it quotes the
 * answer, so nobody else reads it.
 */
export const counterfactuals = pgTable(
  'counterfactuals',
  {
    id: text('id').primaryKey(),
    inferenceId: text('inference_id')
      .notNull()
      .references(() => inferences.id),
    key: hash('key').notNull(), // SHA-256 of what is left out, canonical JSON
    leftOut: jsonb('left_out').$type<{ rows: string[]; contributors: string[]; all: boolean }>().notNull(),
    status: text('status').$type<CounterfactualStatus>().notNull(),
    result: jsonb('result').$type<Record<string, unknown>>(),
    errorMessage: text('error_message'),
    requestedAt: at('requested_at').notNull(),
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
  },
  (t) => [
    uniqueIndex('counterfactuals_question').on(t.inferenceId, t.key),
    index('counterfactuals_status').on(t.status, t.requestedAt),
  ],
);

/** What who asked thinks of an answer, and the row that they offered to the Datanet in its place. */
export const answerFeedback = pgTable(
  'answer_feedback',
  {
    inferenceId: text('inference_id')
      .primaryKey()
      .references(() => inferences.id),
    verdict: text('verdict').$type<'good' | 'bad'>().notNull(),
    contributionId: text('contribution_id').references(() => contributions.id), // null: nothing was offered
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [uniqueIndex('answer_feedback_contribution').on(t.contributionId)],
);
