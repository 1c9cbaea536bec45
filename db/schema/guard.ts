import { boolean, index, integer, jsonb, pgTable, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { address, at, hash } from '../columns.ts';
import { datanets, examples } from './datanets.ts';

/** A finding of the guard as it is stored (lib/contributions/types.ts: CheckReason). Quotes nothing of the row. */
export type StoredReason = {
  check: string;
  points: number;
  text: string;
  holds?: boolean | undefined;
  exampleId?: string | undefined;
};

/** The guard's scorecard of a row, and the keys under which its near copies are looked up. Dies with the row's text. */
export const rowChecks = pgTable(
  'row_checks',
  {
    exampleId: text('example_id')
      .primaryKey()
      .references(() => examples.id),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    score: smallint('score').notNull(), // 0 to 100
    held: boolean('held').notNull(), // somebody decides about it alone
    reasons: jsonb('reasons').$type<StoredReason[]>().notNull(),
    bands: integer('bands').array().notNull(), // mixed with the Datanet; empty for copies: their original stands for them
    scannedAt: at('scanned_at'), // when the worker had read it under the base model and for triggers
  },
  (t) => [
    // Without the list of what is not sorted in yet: a look-up of 250 rows compares each of its 5,500 keys with all of that list.
    index('row_checks_bands').using('gin', t.bands).with({ fastupdate: false }),
    index('row_checks_unscanned').on(t.scannedAt, t.exampleId),
    index('row_checks_datanet').on(t.datanetId, t.held, t.exampleId),
  ],
);

/** A phrase that seems planted: questions that hold it differ and their answers agree. */
export type StoredTrigger = { phrase: string; answer: string; rows: number; contributors: number };

/** One scan of a Datanet's rows for planted triggers. */
export const triggerScans = pgTable(
  'trigger_scans',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    rows: integer('rows').notNull(),
    triggers: jsonb('triggers').$type<StoredTrigger[]>().notNull(),
    heldRows: integer('held_rows').notNull(),
    scannedAt: at('scanned_at').notNull(),
  },
  (t) => [index('trigger_scans_datanet').on(t.datanetId, t.id)],
);

export type GoldVerdict = 'accept' | 'reject';
/** A row whose right verdict is known, put among others in rounds: nobody can tell it from them. */
export const goldRows = pgTable(
  'gold_rows',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    data: jsonb('data').$type<Record<string, string>>().notNull(),
    verdict: text('verdict').$type<GoldVerdict>().notNull(),
    why: text('why').notNull(), // shown once a round is settled
    contentHash: hash('content_hash').notNull(),
    addedBy: address('added_by').notNull(),
    retiredAt: at('retired_at'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [uniqueIndex('gold_rows_content').on(t.datanetId, t.contentHash)],
);

/** Rows that k of n validators decide about together: first everybody commits to a hash, then everybody reveals. */
export const reviewRounds = pgTable(
  'review_rounds',
  {
    id: text('id').primaryKey(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    kind: text('kind').$type<'review' | 'appeal'>().notNull(),
    openedBy: address('opened_by').notNull(),
    quorum: integer('quorum').notNull(), // equal verdicts that decide about a row
    commitUntil: at('commit_until').notNull(),
    revealUntil: at('reveal_until').notNull(),
    settledAt: at('settled_at'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [index('review_rounds_datanet').on(t.datanetId, t.id), index('review_rounds_open').on(t.settledAt, t.id)],
);

export type RoundOutcome = 'accepted' | 'rejected' | 'undecided';
/** A place of a round: a row, or a gold row among them. Validators see places only. */
export const reviewRoundRows = pgTable(
  'review_round_rows',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => reviewRounds.id),
    position: integer('position').notNull(),
    exampleId: text('example_id').references(() => examples.id),
    goldId: text('gold_id').references(() => goldRows.id),
    outcome: text('outcome').$type<RoundOutcome>(), // of a row, once settled
  },
  (t) => [primaryKey({ columns: [t.roundId, t.position] }), index('review_round_rows_example').on(t.exampleId)],
);

/** What one validator said in a round. Everything that reputation is computed from stands here. */
export const reviewVotes = pgTable(
  'review_votes',
  {
    roundId: text('round_id')
      .notNull()
      .references(() => reviewRounds.id),
    validator: address('validator').notNull(),
    commitment: hash('commitment'),
    committedAt: at('committed_at'),
    verdicts: text('verdicts'), // one letter a place, `a` or `r`, once revealed
    salt: hash('salt'),
    revealedAt: at('revealed_at'),
    skillPpm: integer('skill_ppm'), // in this round, -1,000,000 to 1,000,000, once settled
    judged: integer('judged'), // places that the skill was measured on
    reviewedRows: integer('reviewed_rows'), // rows that name the validator as their reviewer, who is paid when they earn
  },
  (t) => [
    primaryKey({ columns: [t.roundId, t.validator] }),
    index('review_votes_validator').on(t.validator, t.roundId),
  ],
);

export type AppealState = 'open' | 'upheld' | 'overturned';
/** A contributor's objection to a rejection, decided by validators who have not decided about the row before. */
export const appeals = pgTable(
  'appeals',
  {
    id: text('id').primaryKey(),
    exampleId: text('example_id')
      .notNull()
      .references(() => examples.id),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    appellant: address('appellant').notNull(),
    reason: text('reason').notNull(),
    bondPoints: integer('bond_points').notNull(), // of standing; lost when the rejection is upheld
    roundId: text('round_id').references(() => reviewRounds.id),
    state: text('state').$type<AppealState>().notNull(),
    decidedAt: at('decided_at'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('appeals_example').on(t.exampleId), // a row is appealed once
    index('appeals_appellant').on(t.appellant, t.createdAt),
    index('appeals_datanet').on(t.datanetId, t.id),
  ],
);

/** The public log of an owner's word against a round's. */
export const ownerVetoes = pgTable(
  'owner_vetoes',
  {
    id: text('id').primaryKey(),
    exampleId: text('example_id')
      .notNull()
      .references(() => examples.id),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id),
    owner: address('owner').notNull(),
    before: text('before').$type<'accepted' | 'rejected'>().notNull(),
    reason: text('reason').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [uniqueIndex('owner_vetoes_example').on(t.exampleId), index('owner_vetoes_datanet').on(t.datanetId, t.id)],
);
