import type { AuditKind, AuditStatus, AuditTrigger, CertificateStatus } from '#db/schema/audits.ts';

export type { AuditKind, AuditStatus, AuditTrigger, CertificateStatus };

/** What a receipt says of the adapter's certificate. Only a certified one pays by influence; all others pay flat. */
export type Certificate = {
  status: CertificateStatus;
  /** Lower 95 % bound of the adapter's linear datamodeling score, which scales what is paid by name; 0 unless certified. */
  alphaPpm: number;
  /** Hash of the certificate document, `0x` and hex; null while pending. */
  sha256: `0x${string}` | null;
};

/** One answer of a measurement, as lib/engine/attribution/certificate gives it. Nats x 10^6 are rounded integers. */
export type MeasuredAnswer = {
  id: string;
  /** Whether it answers a row that was trained on; null for a paid answer. */
  isTrained: boolean | null;
  promptTokens: number;
  completionTokens: number;
  tokensSha256: string;
  baseMicronats: number;
  tunedMicronats: number;
  /** By how much the adapter makes the row's own, true answer likelier than the base does; null for a paid answer. */
  rowGainMicronats: number | null;
  cutScore: bigint;
  rows: { exampleId: string; score: bigint }[];
};
export type MeasuredRetraining = { predicted: number[]; measured: number[] };
export type MeasuredAttribution = {
  method: string;
  rows: number;
  answers: MeasuredAnswer[];
  smoothness: { direction: [number[], number[]]; value: number } | null;
  halves: MeasuredRetraining[];
  withoutRow: (MeasuredRetraining & { exampleId: string; answerId: string })[];
  score: { score: number; lower: number; upper: number; perAnswer: number[] };
};
export type RefusalReason = 'not_attributable' | 'merged' | 'too_small' | 'too_dear' | 'diverged';

/** What the engine says while it measures; the same as lib/engine/attribution/certificate/measure-input.ts. */
export type MeasureEvent =
  | { type: 'answers'; count: number }
  | { type: 'planned'; subsets: number; trainings: number }
  | { type: 'trained'; key: string; effects: number[]; done: number; cpuSeconds: number }
  | { type: 'refused'; reason: RefusalReason; cpuSeconds: number }
  | { type: 'measured'; result: MeasuredAttribution; cpuSeconds: number };

export type PaidAnswer = { id: string; promptIds: number[]; completionIds: number[] };

/**
 * The engine with an adapter's rows, recipe and files behind it, as the worker hands it in (worker/jobs/audit-engine.ts).
 * `onEvent` is waited for. Throws what keeps it from measuring; a refusal is an event.
 */
export type AuditEngine = (
  input: {
    adapterId: string;
    seed: string;
    /** Left out: the adapter's own answers to its rows' prompts. */
    answers?: PaidAnswer[] | undefined;
    /** Null: as many as the budget allows. */
    subsets: number | null;
    cpuSeconds: number;
    known: Record<string, number[]>;
    signal: AbortSignal;
  },
  onEvent: (event: MeasureEvent) => Promise<void>,
) => Promise<void>;

/** In standard deviations of the answer over all retrainings. */
export type EffectPoint = { predicted: number; measured: number };

/** One certification or audit for a list; `lowerPpm`: its bound, null where nothing was measured. */
export type AuditEntry = {
  id: string;
  kind: AuditKind;
  trigger: AuditTrigger;
  status: AuditStatus;
  /** Trainings; total 0: not planned yet. */
  done: number;
  total: number;
  lowerPpm: number | null;
  reasons: string[];
  error: string | null;
  cpuSeconds: number;
  budgetSeconds: number;
  documentSha256: `0x${string}` | null;
  createdAt: string;
  endedAt: string | null;
};

/** What the current certificate's document says. */
export type MeasuredReport = {
  kind: AuditKind;
  rows: number;
  answers: number;
  retrainings: number;
  halves: number;
  /** Null in an audit, which does not measure it again. */
  smoothnessPpm: number | null;
  learntPpm: number;
  scorePpm: number;
  lowerPpm: number;
  upperPpm: number;
  bounds: { smoothnessPpm: number; learntPpm: number; lowerPpm: number };
  reasons: string[];
  points: EffectPoint[];
  /** In an audit: trainings without the row that scored highest in an answer, and in how many that answer moved as predicted. */
  withoutRow: { trainings: number; asPredicted: number } | null;
};

export type AuditReport = {
  certificate: Certificate;
  /** False where the operators switched measuring off. */
  isMeasuring: boolean;
  measured: MeasuredReport | null;
  refused: RefusalReason | null;
  open: AuditEntry | null;
  waitsForBudget: boolean;
  /** Newest first, without the open one. */
  history: AuditEntry[];
  /** CPU of the last 24 hours, all models. */
  day: { spentSeconds: number; budgetSeconds: number };
};
