import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at } from '../columns.ts';
import { datanets, examples } from './datanets.ts';
import { adapters, inferences } from './models.ts';

export type ImprovementRole = 'clean' | 'label' | 'translate';

/**
 * That a row was made from another one, and how. Together with contributor and reviewer of each row on the way this is the
 * whole lineage (lib/contributions/find-roles.ts). A cleaned or relabelled row replaces its parent once it is accepted; a
 * translation stands beside it.
 */
export const exampleDerivations = pgTable(
  'example_derivations',
  {
    exampleId: text('example_id')
      .primaryKey()
      .references(() => examples.id),
    parentId: text('parent_id')
      .notNull()
      .references(() => examples.id),
    role: text('role').$type<ImprovementRole>().notNull(),
    note: text('note').notNull(), // what was changed and why, for the curator
    reportedBy: address('reported_by'), // who reported the fault that this mends, when a curator agreed
  },
  (t) => [index('example_derivations_parent').on(t.parentId)],
);

/**
 * Rows that pushed an answer away: influence below the negative of the answer's noise cut. Never netted with anybody's
 * earnings; evidence for curators.
 */
export const harmEntries = pgTable(
  'harm_entries',
  {
    inferenceId: text('inference_id')
      .notNull()
      .references(() => inferences.id),
    exampleId: text('example_id').notNull(),
    adapterId: text('adapter_id')
      .notNull()
      .references(() => adapters.id),
    score: bigint('score', { mode: 'bigint' }).notNull(), // negative, fixed point as in the receipt
  },
  (t) => [
    primaryKey({ columns: [t.inferenceId, t.exampleId] }),
    index('harm_entries_example').on(t.exampleId, t.adapterId),
  ],
);

/** One measurement of an adapter on its trusted probes; `probes` 0 says that there were too few and nothing was measured. */
export const harmMeasurements = pgTable('harm_measurements', {
  adapterId: text('adapter_id')
    .primaryKey()
    .references(() => adapters.id),
  datanetId: text('datanet_id')
    .notNull()
    .references(() => datanets.id),
  probes: integer('probes').notNull(),
  rows: integer('rows').notNull(),
  medianScore: bigint('median_score', { mode: 'bigint' }).notNull(), // over contributors
  madScore: bigint('mad_score', { mode: 'bigint' }).notNull(),
  measuredAt: at('measured_at').notNull(),
});

/** What a contributor's rows did to other people's probes in one measurement, in sum. */
export const harmContributors = pgTable(
  'harm_contributors',
  {
    adapterId: text('adapter_id')
      .notNull()
      .references(() => harmMeasurements.adapterId),
    contributor: address('contributor').notNull(),
    rows: integer('rows').notNull(),
    netScore: bigint('net_score', { mode: 'bigint' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.adapterId, t.contributor] }), index('harm_contributors_account').on(t.contributor)],
);

export type HarmFlagKind = 'probes' | 'conflict' | 'report';
export type HarmDecision = 'keep' | 'withdraw' | 'improve';

/** Something that a curator should look at. Nothing happens by itself: a flag without a decision changes nothing. */
export const harmFlags = pgTable(
  'harm_flags',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    kind: text('kind').$type<HarmFlagKind>().notNull(),
    contributor: address('contributor').notNull(),
    adapterId: text('adapter_id').references(() => adapters.id), // null: a report by a person
    reportedBy: address('reported_by'),
    evidence: jsonb('evidence').$type<Record<string, unknown>>().notNull(), // figures, integers as text
    subjectKey: text('subject_key').notNull(), // row, or contributor and adapter: measuring again makes no second flag
    decision: text('decision').$type<HarmDecision>(),
    decidedBy: address('decided_by'),
    decidedAt: at('decided_at'),
    reason: text('reason'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('harm_flags_subject').on(t.kind, t.subjectKey),
    index('harm_flags_datanet').on(t.datanetId, t.id),
    index('harm_flags_contributor').on(t.contributor, t.id),
  ],
);

/** The rows that a flag is about; of a contributor, those that speak loudest against them. */
export const harmFlagRows = pgTable(
  'harm_flag_rows',
  {
    flagId: text('flag_id')
      .notNull()
      .references(() => harmFlags.id),
    exampleId: text('example_id')
      .notNull()
      .references(() => examples.id),
    withdrawn: boolean('withdrawn').notNull().default(false), // the decision took this row out
  },
  (t) => [primaryKey({ columns: [t.flagId, t.exampleId] }), index('harm_flag_rows_example').on(t.exampleId)],
);
