import { index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at } from '../columns.ts';
import { datanetVersions } from './datanets.ts';

export type AttackStatus = 'queued' | 'running' | 'stopping' | 'stopped' | 'failed' | 'done';

/**
 * One attack on a sandbox copy of a Datanet version. The same version, attack, seed and method give the same result, so a
 * finished one is shown to everybody who asks for it again.
 */
export const attackRuns = pgTable(
  'attack_runs',
  {
    id: text('id').primaryKey(),
    versionId: text('version_id')
      .notNull()
      .references(() => datanetVersions.id),
    attack: text('attack').notNull(),
    seed: integer('seed').notNull(),
    method: text('method').notNull(), // names how sandbox, training and pay are done; a new way makes new results
    baseModel: text('base_model').notNull(),
    status: text('status').$type<AttackStatus>().notNull(),
    progress: jsonb('progress').$type<{ stage: string; done: number; total: number }>(),
    result: jsonb('result').$type<Record<string, unknown>>(),
    errorMessage: text('error_message'),
    requestedBy: text('requested_by').notNull(), // account, or keyed hash of the visitor: who may stop it
    requestedAt: at('requested_at').notNull(),
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
  },
  (t) => [
    uniqueIndex('attack_runs_question').on(t.versionId, t.attack, t.seed, t.method),
    index('attack_runs_status').on(t.status, t.requestedAt),
    index('attack_runs_ended').on(t.endedAt),
  ],
);
