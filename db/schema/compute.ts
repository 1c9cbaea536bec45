import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at, hash } from '../columns.ts';
import { datanets, datanetVersions } from './datanets.ts';

export type RecipeDecision = 'approved' | 'refused';
/** A way of training that the owner of a compute-only Datanet has decided about, by its hash (lib/compute/recipe-hash.ts). */
export const computeRecipes = pgTable(
  'compute_recipes',
  {
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    recipeHash: hash('recipe_hash').notNull(),
    decision: text('decision').$type<RecipeDecision>().notNull(),
    reason: text('reason'),
    decidedBy: address('decided_by').notNull(),
    decidedAt: at('decided_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.datanetId, t.recipeHash] })],
);

/** Numbers that leave with an adapter; losses only where they are over the rows of enough people (lib/compute/may-tell-losses.ts). */
export type ComputeAggregates = { rows: number; steps: number; evalLoss: number | null; baseEvalLoss: number | null };

/** waiting: for the owner's decision about the recipe · queued: for the owner's worker. */
export type ComputeStatus = 'waiting' | 'queued' | 'running' | 'done' | 'failed' | 'refused';
/** A training that somebody asked for and the owner's worker does; the rows go to that worker alone. */
export const computeJobs = pgTable(
  'compute_jobs',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    versionId: text('version_id')
      .notNull()
      .references(() => datanetVersions.id),
    requestedBy: address('requested_by').notNull(),
    purpose: text('purpose').notNull(),
    baseModel: text('base_model').notNull(),
    recipe: jsonb('recipe').$type<Record<string, unknown>>().notNull(),
    recipeHash: hash('recipe_hash').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    status: text('status').$type<ComputeStatus>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    lease: text('lease'), // hash of the token that the running worker has; an older one writes nothing
    leaseUntil: at('lease_until'),
    adapterKey: text('adapter_key'),
    adapterSha256: hash('adapter_sha256'),
    aggregates: jsonb('aggregates').$type<ComputeAggregates>(),
    heldOut: jsonb('held_out').$type<string[]>(), // rows that the losses told are over, sorted; null where none were told
    error: text('error'),
    createdAt: at('created_at').notNull(),
    endedAt: at('ended_at'),
  },
  (t) => [
    uniqueIndex('compute_jobs_idempotency').on(t.requestedBy, t.idempotencyKey),
    index('compute_jobs_queue').on(t.datanetId, t.status, t.id),
  ],
);
