import { sql } from 'drizzle-orm';
import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { address, at, hash } from '../columns.ts';
import { adapters } from './models.ts';

/** Questions of somebody’s own that adapters are measured with again and again; an answer is there where there is a right one. */
export type EvaluationQuestion = { question: string; answer: string | null };
export const evaluationSets = pgTable(
  'evaluation_sets',
  {
    id: text('id').primaryKey(),
    owner: address('owner').notNull(),
    name: text('name').notNull(),
    questions: jsonb('questions').$type<EvaluationQuestion[]>().notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [index('evaluation_sets_owner').on(t.owner, t.createdAt)],
);

export type EvaluationStatus = 'queued' | 'done' | 'failed';

/**
 * One measurement of an adapter beside its base: on the sealed rows of its training (`setId` null, once an adapter, and a
 * condition of publishing it), or on a saved set. `figures` are null until it is done.
 */
export const adapterEvaluations = pgTable(
  'adapter_evaluations',
  {
    id: text('id').primaryKey(),
    adapterId: text('adapter_id')
      .notNull()
      .references(() => adapters.id),
    setId: text('set_id').references(() => evaluationSets.id),
    status: text('status').$type<EvaluationStatus>().notNull(),
    adapterSha256: hash('adapter_sha256').notNull(), // the bytes that were measured
    figures: jsonb('figures').$type<Record<string, unknown>>(),
    gates: jsonb('gates').$type<Record<string, number | null>>().notNull(), // what its owner asks of it before it may be published
    error: text('error'),
    createdAt: at('created_at').notNull(),
    endedAt: at('ended_at'),
  },
  (t) => [
    uniqueIndex('adapter_evaluations_sealed').on(t.adapterId).where(sql`${t.setId} is null`),
    uniqueIndex('adapter_evaluations_set').on(t.adapterId, t.setId),
    index('adapter_evaluations_status').on(t.status),
  ],
);

/**
 * What base and adapter said to one row or question of an evaluation. The row’s own text is not kept here: it is read where it
 * stands, so that a withdrawn row’s is nowhere. Answers are null for rows that were measured by loss alone.
 */
export const evaluationRows = pgTable(
  'evaluation_rows',
  {
    evaluationId: text('evaluation_id')
      .notNull()
      .references(() => adapterEvaluations.id),
    rowId: text('row_id').notNull(), // an example, or the number of a set’s question
    position: integer('position').notNull(),
    tokens: integer('tokens').notNull(),
    baseLoss: doublePrecision('base_loss'), // nats per answer token; null where there is no right answer
    tunedLoss: doublePrecision('tuned_loss'),
    baseAnswer: text('base_answer'),
    tunedAnswer: text('tuned_answer'),
    isContaminated: boolean('is_contaminated').notNull(),
  },
  (t) => [primaryKey({ columns: [t.evaluationId, t.rowId] })],
);

export type BlindChoice = 'base' | 'tuned' | 'tie';

/** Which of two answers somebody preferred without knowing whose it was. */
export const blindVotes = pgTable(
  'blind_votes',
  {
    evaluationId: text('evaluation_id')
      .notNull()
      .references(() => adapterEvaluations.id),
    rowId: text('row_id').notNull(),
    voter: address('voter').notNull(),
    choice: text('choice').$type<BlindChoice>().notNull(),
    votedAt: at('voted_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.evaluationId, t.rowId, t.voter] })],
);
