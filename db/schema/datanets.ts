import { type SQL, sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at, hash, tsvector } from '../columns.ts';

export type DatanetField = { name: string; label: string; maxChars: number };

/** A community dataset with rules. `metaHash` ties the row to `DatanetCreated` on chain (chain_events.subject). */
export const datanets = pgTable(
  'datanets',
  {
    id: text('id').primaryKey(),
    slug: text('slug').notNull().unique(),
    owner: address('owner').notNull(),
    title: text('title').notNull(),
    domain: text('domain').notNull(),
    language: text('language').notNull(),
    summary: text('summary').notNull(),
    description: text('description').notNull(),
    rubric: jsonb('rubric').$type<string[]>().notNull(),
    fields: jsonb('fields').$type<DatanetField[]>().notNull(),
    license: text('license').notNull(),
    metaHash: hash('meta_hash').notNull().unique(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [index('datanets_domain').on(t.domain)],
);

export type DatanetRole = 'curator' | 'validator';
export const datanetRoles = pgTable(
  'datanet_roles',
  {
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    address: address('address').notNull(),
    role: text('role').$type<DatanetRole>().notNull(),
    grantedAt: at('granted_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.datanetId, t.address, t.role] })],
);

/** What one person adds in one go. Its rows are `examples`. */
export const contributions = pgTable(
  'contributions',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    contributor: address('contributor').notNull(),
    source: text('source').notNull(), // file name, or 'form'
    idempotencyKey: text('idempotency_key').notNull(),
    rowCount: integer('row_count').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('contributions_idempotency').on(t.contributor, t.idempotencyKey),
    index('contributions_datanet').on(t.datanetId, t.createdAt),
  ],
);

/**
 * `superseded`: an accepted improvement has taken its place. `quarantined`: a curator took it out because it does harm. Neither
 * stands in later versions.
 */
export type ExampleStatus = 'pending' | 'accepted' | 'rejected' | 'withdrawn' | 'superseded' | 'quarantined';
/** One row of a Datanet. Rows that failed the checks are never stored: the verdict names them to their sender. */
export const examples = pgTable(
  'examples',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    contributionId: text('contribution_id')
      .notNull()
      .references(() => contributions.id),
    contributor: address('contributor').notNull(),
    data: jsonb('data').$type<Record<string, string>>().notNull(),
    contentHash: hash('content_hash').notNull(), // SHA-256 of the canonical text; the same for the same words
    status: text('status').$type<ExampleStatus>().notNull(),
    reason: text('reason'),
    reviewedBy: address('reviewed_by'),
    reviewedAt: at('reviewed_at'),
    withdrawnAt: at('withdrawn_at'),
    createdAt: at('created_at').notNull(),
    // Words of all values. 'simple' neither stems nor drops words, so that every language is served alike. Stored, because
    // a filter that computes it again takes 55 µs a row.
    search: tsvector('search')
      .notNull()
      .generatedAlwaysAs((): SQL => sql`to_tsvector('simple', ${examples.data})`),
  },
  (t) => [
    uniqueIndex('examples_content').on(t.datanetId, t.contentHash),
    index('examples_status').on(t.datanetId, t.status, t.id),
    index('examples_contributor').on(t.contributor, t.createdAt),
    index('examples_contribution').on(t.contributionId),
    index('examples_datanet_contributor').on(t.datanetId, t.contributor, t.status, t.id),
    index('examples_search').using('gin', t.search),
  ],
);

/**
 * Immutable snapshot. `root` is the Merkle root over its rows; whether it is on chain is a fact of chain_events
 * (`BatchAccepted` with this root), never a column here.
 */
export const datanetVersions = pgTable(
  'datanet_versions',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    number: integer('number').notNull(),
    root: hash('root').notNull(),
    rowCount: integer('row_count').notNull(),
    contributorCount: integer('contributor_count').notNull(),
    objectKey: text('object_key').notNull(), // rows as JSONL, content-addressed
    frozenBy: address('frozen_by').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [uniqueIndex('datanet_versions_number').on(t.datanetId, t.number), index('datanet_versions_root').on(t.root)],
);

export const versionExamples = pgTable(
  'version_examples',
  {
    versionId: text('version_id')
      .notNull()
      .references(() => datanetVersions.id),
    leafIndex: integer('leaf_index').notNull(),
    exampleId: text('example_id')
      .notNull()
      .references(() => examples.id),
  },
  (t) => [
    primaryKey({ columns: [t.versionId, t.leafIndex] }),
    uniqueIndex('version_examples_example').on(t.versionId, t.exampleId),
  ],
);
