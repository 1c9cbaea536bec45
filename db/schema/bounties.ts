import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { address, at, hash } from '../columns.ts';
import { datanets } from './datanets.ts';

/** Where a goal came from: an answer that no row stood behind, or an adapter that learnt too little. */
export type GoalSource = { kind: 'question' | 'evaluation'; id: string };

/**
 * The written goal of a bounty. Money, terms and awards are facts of the chain (`Bounties`), tied to it by `goalHash`
 * (`BountyOpened`, its subject) and the account that wrote it.
 */
export const bountyGoals = pgTable(
  'bounty_goals',
  {
    id: text('id').primaryKey(),
    kind: text('kind').$type<'data' | 'run'>().notNull(),
    author: address('author').notNull(),
    datanetId: text('datanet_id')
      .notNull()
      .references(() => datanets.id), // whose rows are wanted, or on which a training shall learn
    title: text('title').notNull(),
    goal: text('goal').notNull(),
    source: jsonb('source').$type<GoalSource>(),
    goalHash: hash('goal_hash').notNull().unique(), // SHA-256 of the canonical JSON of author, kind, Datanet, title and goal
    createdAt: at('created_at').notNull(),
  },
  (t) => [index('bounty_goals_datanet').on(t.datanetId, t.id)],
);
