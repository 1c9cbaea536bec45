/** Every attack that can be run, in the order of the page. */
export const attackNames = [
  'copy-1',
  'copy-10',
  'copy-100',
  'near-case',
  'near-order',
  'near-synonyms',
  'near-padding',
  'near-stitched',
  'retold',
  'steal-exact',
  'steal-near',
  'wallets-100',
  'pieces',
  'stuffing',
  'spam',
  'outlier',
  'shadow',
  'self-query',
  'ring',
  'poison',
  'dodge-held-out',
  'seize-held-out',
  'control',
] as const;
export type AttackName = (typeof attackNames)[number];

/** A row as attacks see it; a Datanet of one field has no question. Rows stand in the order of contribution. */
export type AttackRow = { id: string; contributor: string; question: string; answer: string };

/** What an attacker has made of a world: the rows after the attack, its accounts, and the questions that it pays for. */
export type AttackedWorld = { rows: AttackRow[]; accounts: string[]; asked: string[] };

/** How the rows of an account fared. `before` and `after` in millionths of the data's part of one answer's fee. */
export type AccountPay = {
  account: string;
  rows: number;
  copies: number;
  before: number;
  after: number;
  isAttacker: boolean;
};

export type AttackResult = {
  /** The attacker's accounts together, in the unit of `AccountPay`. */
  attackerBefore: number;
  attackerAfter: number;
  /** What the attacker paid for its own questions, same unit. */
  feesPaid: number;
  honestBefore: number;
  honestAfter: number;
  accounts: AccountPay[];
  /** Rows that the attack wrote, and what became of them: known as copies; trained on; above the noise of some answer. */
  written: number;
  copies: { same: number; near: number; stitched: number };
  trained: number;
  paidRows: number;
  /** Trained on exactly the rows of before: no bit of the model can differ. */
  isUnmoved: boolean;
};

/** How far a run is; `done` of `total` training steps of this stage. */
export type AttackProgress = { stage: 'waiting' | 'before' | 'craft' | 'after'; done: number; total: number };

export type AttackRunStatus = 'queued' | 'running' | 'stopping' | 'stopped' | 'failed' | 'done';

/** A run as pages show it. */
export type AttackRunView = {
  id: string;
  attack: string;
  seed: number;
  status: AttackRunStatus;
  datanet: { slug: string; title: string };
  version: { id: string; number: number; rowCount: number };
  baseModel: string;
  progress: AttackProgress | null;
  /** Runs that go before; null unless it waits. */
  place: number | null;
  result: AttackResult | null;
  errorMessage: string | null;
  requestedAt: Date;
  endedAt: Date | null;
};

/** What the bench says of one attack over its trials (scripts/bench/attacks/summarise.ts). */
export type AttackFigures = {
  /** Worlds; a world's draws of an attack count as one. */
  trials: number;
  /** Of the worlds' gains, each what an attacker has after for what is honestly its own. */
  medianGain: number;
  worstGain: number;
  /**
   * All attackers' money after over all their honest money, with its 95 % bootstrap interval over worlds. Honest is, where an attack
   * changes what is trained on, the mean of worlds in which a stranger adds a row; where it changes nothing, the run before.
   */
  gain: number;
  gainLow: number;
  gainHigh: number;
  /** The same against the one run before, as a run on the page says it. */
  gainOnRunBefore: number;
  /** What all honest contributors lost of all that they had before. */
  honestLoss: number;
  honestLossHigh: number;
};
