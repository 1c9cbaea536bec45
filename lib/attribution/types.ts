import type { DatabaseOrTransaction } from '#db/client.ts';
import type { RetrievalValuer } from '#lib/retrieval/types.ts';

/** Influence of the rows on one answer, as the engine's exact integers (lib/engine/attribution). */
export type InfluenceScores = {
  /** The rows whose score is above the cut, with their fixed-point influence; none when no source stands out. */
  rows: { exampleId: string; score: bigint }[];
  /** Rows below the negative of the cut, strongest first: they made the answer less likely. For the harm ledger only. */
  harmful: { exampleId: string; score: bigint }[];
  /** Rows of the index. */
  indexRows: number;
  /** Sum of max(0, score) over all of them. */
  positiveSum: bigint;
  /** Noise of the scores, and what a score must exceed to count; see lib/kernel/noise-cut.ts. */
  sigma: bigint;
  cutScore: bigint;
  /** Names method and version; a receipt is recomputed by the same. */
  method: string;
  /** The quantised query gradient as it is stored, which pins the one float step for a verifier; and its SHA-256. */
  queryCodes: Uint8Array;
  queryCodesHash: string;
  indexSha256: string;
};

/** What the worker gives to `attributeInference`: the engine behind a function, so that lib never imports it. */
export type InfluenceScorer = (input: {
  adapterId: string;
  promptIds: number[];
  completionIds: number[];
}) => Promise<InfluenceScores>;

/** Writes what an answer says against rows, in the transaction that stores its receipt (lib/harm). */
export type HarmRecorder = (
  tx: DatabaseOrTransaction,
  harm: { inferenceId: string; adapterId: string; rows: readonly { exampleId: string; score: bigint }[] },
) => Promise<void>;

/** A stretch of an answer that stands token for token in training rows: `startToken .. endToken - 1`, also in UTF-16 units. */
export type AnswerSpan = {
  startToken: number;
  endToken: number;
  startChar: number;
  endChar: number;
  /** Rarity: -log2 of the probability of its tokens, thousandths. */
  millibits: number;
  /** Places in the rows that have it. */
  occurrences: number;
  /** The oldest rows that have it, at most 10. */
  exampleIds: string[];
};
export type AnswerSpans = { indexSha256: string; spans: AnswerSpan[] };

/** Verbatim matches of an answer, rarest first; null for an adapter that was trained before there was a suffix index. */
export type SpanSearch = (input: { adapterId: string; completionIds: number[] }) => Promise<AnswerSpans | null>;

/** What the worker gives to `attributeInference`. */
export type Attributor = {
  score: InfluenceScorer;
  findSpans: SpanSearch;
  valueRetrieval: RetrievalValuer;
  recordHarm: HarmRecorder;
};

/** A row as a receipt shows it; `data` is null for a withdrawn row, and for a private one: owner and share, never text. */
export type ReceiptRow = { data: Record<string, string> | null; datanetSlug: string };
/** A row in which `spans` stretches of the answer stand word for word. Which and where only the answer's text tells. */
export type RowMatch = { exampleId: string; contributor: string; spans: number };
/** Copies of a row, which were not trained on and earn nothing; `first` are the oldest three of `total`. */
export type RowCopies = { total: number; first: { exampleId: string; contributor: string }[] };

/** A stretch of an answer, in UTF-16 units, with the rows that have it: those that everybody may read. */
export type AnswerThread = Pick<AnswerSpan, 'startChar' | 'endChar' | 'millibits' | 'occurrences' | 'exampleIds'>;
/** `hidden`: stretches that stand in private or withdrawn rows alone. */
export type AnswerThreads = { spans: AnswerThread[]; hidden: number };
