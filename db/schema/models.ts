import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { LineageRole } from '../../lib/kernel/role-shares.ts';
import { address, at, hash, wei } from '../columns.ts';
import { datanetVersions } from './datanets.ts';

/** `cancelling` and `cancelled` are a stop for good: nothing goes on from there. */
export type RunStatus =
  | 'queued'
  | 'running'
  | 'stopping'
  | 'cancelling'
  | 'stopped'
  | 'cancelled'
  | 'failed'
  | 'succeeded';

/** One training. The lease says which worker holds it; a run whose lease is over is taken up again from its checkpoint. */
export const trainingRuns = pgTable(
  'training_runs',
  {
    id: text('id').primaryKey(),
    owner: address('owner').notNull(),
    name: text('name').notNull(),
    versionId: text('version_id')
      .notNull()
      .references(() => datanetVersions.id),
    baseModel: text('base_model').notNull(),
    preset: text('preset').notNull(),
    recipe: jsonb('recipe').$type<Record<string, unknown>>().notNull(),
    seed: integer('seed').notNull(),
    status: text('status').$type<RunStatus>().notNull(),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    checkpointKey: text('checkpoint_key'),
    checkpointStep: integer('checkpoint_step').notNull().default(0),
    totalSteps: integer('total_steps'),
    leaseOwner: text('lease_owner'),
    leaseUntil: at('lease_until'),
    idempotencyKey: text('idempotency_key').notNull(),
    // A fork starts from the adapter in another run's checkpoint; that checkpoint's place in the object store.
    forkedFromRunId: text('forked_from_run_id').references((): AnyPgColumn => trainingRuns.id),
    forkedFromKey: text('forked_from_key'),
    forkedFromStep: integer('forked_from_step'),
    createdAt: at('created_at').notNull(),
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
  },
  (t) => [
    uniqueIndex('training_runs_idempotency').on(t.owner, t.idempotencyKey),
    index('training_runs_status').on(t.status),
  ],
);

/** What a run said, in order; SSE resumes by `seq`. After a resume, steps past the checkpoint are said again. */
export const trainingEvents = pgTable(
  'training_events',
  {
    runId: text('run_id')
      .notNull()
      .references(() => trainingRuns.id),
    seq: integer('seq').notNull(),
    type: text('type').notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    at: at('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.seq] })],
);

/** Trained delta. Files lie in the object store under `objectPrefix`, PEFT layout. */
export const adapters = pgTable('adapters', {
  id: text('id').primaryKey(),
  runId: text('run_id')
    .notNull()
    .unique()
    .references(() => trainingRuns.id),
  baseModel: text('base_model').notNull(),
  sha256: hash('sha256').notNull(),
  objectPrefix: text('object_prefix').notNull(),
  indexSha256: hash('index_sha256').notNull(), // attribution index over the version's rows
  spanIndexSha256: hash('span_index_sha256'), // suffix index over the same rows; null: trained before there was one
  evalLoss: doublePrecision('eval_loss').notNull(), // nats per token on held-out rows
  baseEvalLoss: doublePrecision('base_eval_loss').notNull(),
  manifest: jsonb('manifest').$type<Record<string, unknown>>().notNull(),
  createdAt: at('created_at').notNull(),
});

export type CopyKind = 'same' | 'near' | 'stitched';

/** Rows of the version that an adapter was not trained on, because they copy an older row, which has their credit. */
export const adapterCopies = pgTable(
  'adapter_copies',
  {
    adapterId: text('adapter_id')
      .notNull()
      .references(() => adapters.id),
    exampleId: text('example_id').notNull(),
    copyOf: text('copy_of').notNull(), // an original, never itself a copy
    kind: text('kind').$type<CopyKind>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.adapterId, t.exampleId] }),
    index('adapter_copies_original').on(t.adapterId, t.copyOf),
    index('adapter_copies_example').on(t.exampleId),
  ],
);

export type RevenueSplit = { data: number; model: number; app: number; infra: number; validators: number }; // bps of 10,000

/** What is listed. Live when chain_events holds `VersionPublished` with this `versionHash`. */
export const models = pgTable('models', {
  id: text('id').primaryKey(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  summary: text('summary').notNull(),
  owner: address('owner').notNull(),
  adapterId: text('adapter_id')
    .notNull()
    .references(() => adapters.id),
  versionId: text('version_id')
    .notNull()
    .references(() => datanetVersions.id),
  inputWeiPerToken: wei('input_wei_per_token').notNull(),
  outputWeiPerToken: wei('output_wei_per_token').notNull(),
  split: jsonb('split').$type<RevenueSplit>().notNull(),
  versionHash: hash('version_hash').notNull().unique(),
  createdAt: at('created_at').notNull(),
});

/** `chars`: UTF-16 units of the row's text (lib/kernel/prompt-with-rows.ts). */
export type RetrievedRow = { exampleId: string; chars: number };
export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string };
export type InferenceStatus = 'running' | 'completed' | 'failed' | 'cancelled';
export type AttributionStatus = 'none' | 'queued' | 'done' | 'failed';

/** One served request. A reservation (`ceilingWei`) is held while it runs; only a completed one is charged. */
export const inferences = pgTable(
  'inferences',
  {
    id: text('id').primaryKey(),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    payer: address('payer'), // null: a free answer from the daily quota
    channelId: hash('channel_id'),
    apiKeyId: text('api_key_id'),
    passId: text('pass_id'), // the access pass that it was asked with, one answer of which it took if that counts answers
    idempotencyKey: text('idempotency_key').notNull(),
    callerKey: text('caller_key').notNull(), // payer, or the free caller's salted hash; scope of the idempotency key
    status: text('status').$type<InferenceStatus>().notNull(),
    messages: jsonb('messages').$type<ChatMessage[]>().notNull(),
    params: jsonb('params').$type<Record<string, unknown>>().notNull(),
    output: text('output'),
    finishReason: text('finish_reason'),
    // Rows that stood in the prompt, in its order, and how much of each was read; null: the caller did not ask for rows.
    retrieved: jsonb('retrieved').$type<RetrievedRow[]>(),
    promptIds: jsonb('prompt_ids').$type<number[]>(),
    completionIds: jsonb('completion_ids').$type<number[]>(),
    ceilingWei: wei('ceiling_wei').notNull(),
    feeWei: wei('fee_wei').notNull(),
    salt: hash('salt').notNull(),
    error: text('error'),
    attributionStatus: text('attribution_status').$type<AttributionStatus>().notNull(),
    heartbeatAt: at('heartbeat_at').notNull(),
    createdAt: at('created_at').notNull(),
    completedAt: at('completed_at'),
  },
  (t) => [
    uniqueIndex('inferences_idempotency').on(t.callerKey, t.idempotencyKey),
    index('inferences_model').on(t.modelId, t.createdAt),
    index('inferences_payer').on(t.payer, t.createdAt),
    index('inferences_caller').on(t.callerKey, t.createdAt),
    index('inferences_channel').on(t.channelId),
    index('inferences_running').on(t.status, t.heartbeatAt),
    index('inferences_attribution').on(t.attributionStatus),
    index('inferences_task').on(sql`(${t.params} ->> 'task')`).where(sql`${t.params} ->> 'task' is not null`),
  ],
);

/** Who is paid by name for one inference, in whichever role, ppm; the rest of 1,000,000 is the common pool's. */
export const attributionShares = pgTable(
  'attribution_shares',
  {
    inferenceId: text('inference_id')
      .notNull()
      .references(() => inferences.id),
    contributor: address('contributor').notNull(),
    sharePpm: integer('share_ppm').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.inferenceId, t.contributor] }),
    index('attribution_shares_contributor').on(t.contributor),
  ],
);

/** Rows with credit in one inference. `score` is the fixed-point influence as decimal text (see the receipt). */
export const attributionRows = pgTable(
  'attribution_rows',
  {
    inferenceId: text('inference_id')
      .notNull()
      .references(() => inferences.id),
    exampleId: text('example_id').notNull(),
    contributor: address('contributor').notNull(),
    score: bigint('score', { mode: 'bigint' }).notNull(),
    sharePpm: integer('share_ppm').notNull(),
  },
  (t) => [primaryKey({ columns: [t.inferenceId, t.exampleId] }), index('attribution_rows_example').on(t.exampleId)],
);

/** What an account has of a row's share in one inference, by role. Sums over an account to its share. */
export const attributionParts = pgTable(
  'attribution_parts',
  {
    inferenceId: text('inference_id')
      .notNull()
      .references(() => inferences.id),
    exampleId: text('example_id').notNull(),
    account: address('account').notNull(),
    role: text('role').$type<LineageRole>().notNull(),
    sharePpm: integer('share_ppm').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.inferenceId, t.exampleId, t.account, t.role] }),
    index('attribution_parts_example').on(t.exampleId),
    index('attribution_parts_account').on(t.account),
  ],
);

/**
 * Stretches of one answer that stand word for word in training rows, rarest first; not influence. They quote the answer, so
 * only who has the answer may read them; the receipt holds their salted hash.
 */
export const attributionSpans = pgTable(
  'attribution_spans',
  {
    inferenceId: text('inference_id')
      .notNull()
      .references(() => inferences.id),
    rank: integer('rank').notNull(),
    startToken: integer('start_token').notNull(),
    endToken: integer('end_token').notNull(),
    startChar: integer('start_char').notNull(), // UTF-16 units of the answer's text
    endChar: integer('end_char').notNull(),
    millibits: integer('millibits').notNull(), // rarity: -log2 of the tokens' unigram probability
    occurrences: integer('occurrences').notNull(),
    exampleIds: jsonb('example_ids').$type<string[]>().notNull(), // the oldest rows that have it, at most 10
  },
  (t) => [primaryKey({ columns: [t.inferenceId, t.rank] })],
);

/** The signed record of one inference, or of one paid training: canonical JSON, its hash, and the gateway's signature over the hash. */
export const receipts = pgTable(
  'receipts',
  {
    id: text('id').primaryKey(),
    // Null: the receipt of a training, an app's task or an access pass, whose own row names it.
    inferenceId: text('inference_id')
      .unique()
      .references(() => inferences.id),
    modelId: text('model_id').references(() => models.id),
    body: jsonb('body').$type<Record<string, unknown>>().notNull(),
    hash: hash('hash').notNull(),
    signature: text('signature').notNull(),
    feeWei: wei('fee_wei').notNull(),
    rewardPeriodId: text('reward_period_id'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    index('receipts_period').on(t.rewardPeriodId, t.id),
    index('receipts_open').on(t.createdAt, t.id).where(sql`${t.rewardPeriodId} is null`),
    index('receipts_created').on(t.createdAt),
    index('receipts_model').on(t.modelId, t.createdAt),
  ],
);
