import type { BlindChoice, EvaluationStatus } from '#db/schema/evaluation.ts';

export type { BlindChoice, EvaluationStatus };

/** How well one of the two answered. Shares from 0 to 1; null where no row has a right answer, or none was asked. */
export type Figures = {
  /** Nats per answer token over all measured rows, and e to that power. */
  loss: number | null;
  perplexity: number | null;
  /** Answers equal to the row's, and overlap of their words with it, over the rows that were answered. */
  exactMatch: number | null;
  f1: number | null;
  /** Next tokens told rightly at the probed places, and how far the model's confidence lies from that (expected calibration error). */
  tokenAccuracy: number | null;
  calibrationError: number | null;
};

/** Rows of one kind, and how many of them the adapter predicts better than its base. */
export type Slice = { name: string; rows: number; wins: number };

export type EvaluationFigures = {
  rows: number;
  /** Rows that base and adapter were asked to answer. */
  answered: number;
  /** Places in rows where the next token was asked for. */
  probes: number;
  base: Figures;
  tuned: Figures;
  /** Rows that the adapter predicts better, with the interval in which the share of all such rows lies (Wilson, 95 %). */
  wins: number;
  winShare: Interval;
  slices: Slice[];
  /** Measured rows whose words a training row has, too. */
  contaminated: number;
  /** The rows are those that were sealed before the training; null for a saved set. */
  isSealed: boolean | null;
};

export type Interval = { share: number; low: number; high: number };

/** What an owner asks of an adapter before it may be published; null asks nothing. */
export type Gates = {
  /** Fall of perplexity against the base, in percent. */
  minGainPercent: number | null;
  /** Of the measured rows, in percent. */
  maxContaminatedPercent: number | null;
  /** Share of rows that the adapter predicts better, in percent. */
  minWinPercent: number | null;
  /** Word overlap with the right answers, in percent. */
  minF1Percent: number | null;
  /** Expected calibration error, in percent. */
  maxCalibrationPercent: number | null;
};

export type GateVerdict = { gate: keyof Gates | 'sealed' | 'better'; passed: boolean; asked: string; measured: string };

/** An evaluation as its page shows it. */
export type EvaluationView = {
  id: string;
  adapterId: string;
  setId: string | null;
  setName: string | null;
  status: EvaluationStatus;
  adapterSha256: `0x${string}`;
  figures: EvaluationFigures | null;
  gates: Gates;
  verdicts: GateVerdict[];
  /** All gates are passed: the adapter with this hash may be published. */
  passed: boolean;
  error: string | null;
  votes: { base: number; tuned: number; tie: number; preference: Interval | null };
};

/** What to vote on: a question and two answers in an order that tells nothing. */
export type BlindPair = {
  evaluationId: string;
  rowId: string;
  question: string;
  left: string;
  right: string;
  voted: number;
  pairs: number;
};

/** A row as the engine measures it. `answer` null: nobody knows the right one. */
export type EvaluatedRow = { id: string; question: string; answer: string | null };

/** What the engine found for one row; answers are null for rows that were measured by loss alone. */
export type MeasuredRow = {
  id: string;
  tokens: number;
  baseLoss: number | null;
  tunedLoss: number | null;
  baseAnswer: string | null;
  tunedAnswer: string | null;
};

/** A next token that was asked for: was it right, and how sure was the model (0 to 1). */
export type Probe = { isRight: boolean; confidence: number };

export type Measurement = {
  rows: MeasuredRow[];
  probes: { base: Probe[]; tuned: Probe[] };
  /** Of the measured rows as tokens; compared with what was sealed before the training. */
  sealedSha256: string | null;
};

/** The engine as the worker hands it to `evaluateAdapter`. */
export type EvaluationEngine = (input: {
  adapterId: string;
  rows: EvaluatedRow[];
  signal: AbortSignal;
}) => Promise<Measurement>;
