/** Influence of the rows on one answer, as the engine's exact integers (lib/engine/attribution). */
export type InfluenceScores = {
  /**
   * The rows whose score is above the cut, with their fixed-point influence; positive means that the row made the answer more
   * likely. When there is none, all rows of the index: then no source stands out.
   */
  rows: { exampleId: string; score: bigint }[];
  /** Noise level that a score must exceed, see `noiseCut`. */
  cutScore: bigint;
  /** Names method and version, e.g. `lora-b-fisher-int8/1`; a receipt is recomputed by the same. */
  method: string;
  /** SHA-256 of the quantised query gradient; pins the one float step for a verifier. */
  queryCodesHash: string;
  indexSha256: string;
};

/** What the worker gives to `attributeInference`: the engine behind a function, so that lib never imports it. */
export type InfluenceScorer = (input: {
  adapterId: string;
  promptIds: number[];
  completionIds: number[];
}) => Promise<InfluenceScores>;

export type RowShare = { exampleId: string; contributor: `0x${string}`; score: bigint; sharePpm: number };
export type ContributorShare = { contributor: `0x${string}`; sharePpm: number };

/**
 * Shares in ppm; `shares` sums to exactly 1,000,000. `rows` holds every row over the cut, also those rounded to 0 ppm, so that
 * shares can be recomputed exactly. Without a confident source `rows` is empty and all rows share equally.
 */
export type Attribution = { confident: boolean; cutScore: bigint; rows: RowShare[]; shares: ContributorShare[] };

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
export type Attributor = { score: InfluenceScorer; findSpans: SpanSearch };

/** A row as a receipt shows it; `data` is null for a withdrawn row, whose text nobody gets. */
export type ReceiptRow = { data: Record<string, string> | null; datanetSlug: string };
/** A row in which `spans` stretches of the answer stand word for word. Which and where only the answer's text tells. */
export type RowMatch = { exampleId: string; contributor: string; spans: number };
/** Copies of a row, which were not trained on and earn nothing; `first` are the oldest three of `total`. */
export type RowCopies = { total: number; first: { exampleId: string; contributor: string }[] };
