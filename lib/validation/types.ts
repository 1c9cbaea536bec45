import type { Phase } from './rules.ts';

type Address = `0x${string}`;

export type { Phase };

/** A place as its validators see it: nothing tells a gold row. */
export type RoundPlace = { position: number; data: Record<string, string> };

export type RoundVote = {
  validator: Address;
  committedAt: Date | null;
  revealedAt: Date | null;
  /** Once settled. */
  skillPpm: number | null;
  judged: number | null;
  reviewedRows: number | null;
};

export type RoundView = {
  id: string;
  kind: 'review' | 'appeal';
  quorum: number;
  places: number;
  createdAt: Date;
  commitUntil: Date;
  revealUntil: Date;
  settledAt: Date | null;
  phase: Phase;
  votes: RoundVote[];
  /** Once settled. */
  outcomes: { accepted: number; rejected: number; undecided: number };
};

/** Something that waits, on whom, and since when. */
export type Waiting = { what: string; who: Address[]; since: Date; until: Date | null };

export type ValidatorStanding = { validator: Address; reputationPpm: number; rounds: number; places: number };

export type AppealView = {
  id: string;
  exampleId: string;
  appellant: Address;
  /** Null while it is open, for who is not to know. */
  reason: string | null;
  state: 'open' | 'upheld' | 'overturned';
  roundId: string | null;
  createdAt: Date;
  decidedAt: Date | null;
};

/** A step in how a row was judged by others than curators. */
export type RowJudgement =
  | { kind: 'judged'; at: Date; roundId: string; isAppeal: boolean; outcome: 'accepted' | 'rejected' | 'undecided' }
  | { kind: 'appealed'; at: Date; by: Address; reason: string }
  | { kind: 'vetoed'; at: Date; by: Address; reason: string };

export type VetoView = { exampleId: string; owner: Address; reason: string; createdAt: Date };
