import { AttributionQueryError } from '../errors.ts';
import { longestMatches, rangeOf } from './longest-match.ts';
import { rowAt, rowIdOf, type SpanIndex } from './span-index.ts';

/** A stretch of an answer that stands token for token in the training rows. */
export type FoundSpan = {
  /** Tokens `start .. end - 1` of the answer. */
  start: number;
  end: number;
  /** How unlikely the stretch is as a bag of the index's tokens: the sum of its tokens' millibits. Long and rare is high. */
  millibits: number;
  /** Places in the rows where it stands, counted in full. */
  occurrences: number;
  /** Ids of the oldest rows among the places looked at, at most `rowsMax`. */
  exampleIds: string[];
};

export type FindSpansOptions = {
  /** Shorter matches are no evidence. Default 6 tokens. */
  minTokens?: number;
  /** Spans to keep. Default 5 % of the answer's tokens, rounded up. */
  spansMax?: number;
  /** Rows to name per span. Default 10. */
  rowsMax?: number;
};

/** Places of a span that are looked at to name its rows: a phrase that stands everywhere must not cost more than a rare one. */
const placesMax = 4096;

/**
 * Verbatim matches of an answer (the method of OLMoTrace, arXiv 2504.07096): of the matches that are contained in no other,
 * those of the lowest unigram probability, rarest first, ties to the earlier. A match never crosses a row. This says whose
 * text the answer repeats, not what caused it. Cost: O(L log N) look-ups for L answer tokens over N indexed tokens.
 *
 * @throws AttributionQueryError on an id that is no token of the index's vocabulary
 */
export function findSpans(index: SpanIndex, answerIds: readonly number[], options: FindSpansOptions = {}): FoundSpan[] {
  const { minTokens = 6, spansMax = Math.ceil(0.05 * answerIds.length), rowsMax = 10 } = options;
  const query = Int32Array.from(answerIds, (id) => id + 1);
  if (answerIds.some((id) => !Number.isInteger(id) || id < 0 || id >= index.millibits.length)) {
    throw new AttributionQueryError('The answer holds ids that are no tokens of the indexed vocabulary.');
  }
  const ends = new Int32Array(query.length);
  for (const shard of index.shards) {
    const lengths = longestMatches(shard, query);
    for (let i = 0; i < ends.length; i++) ends[i] = Math.max(ends[i]!, i + lengths[i]!);
  }
  return maximalSpans(ends)
    .filter(({ start, end }) => end - start >= minTokens)
    .map((span) => ({ ...span, millibits: rarityOf(index, answerIds, span) }))
    .sort((a, b) => b.millibits - a.millibits || a.start - b.start)
    .slice(0, spansMax)
    .map((span) => ({ ...span, ...placesOf(index, query.subarray(span.start, span.end), rowsMax) }));
}

type Span = { start: number; end: number };

/** Ends never go back from one start to the next, so a match is contained in another exactly if the one before ends with it. */
function maximalSpans(ends: Int32Array): Span[] {
  const spans: Span[] = [];
  for (let start = 0; start < ends.length; start++) {
    const end = ends[start]!;
    if (end > start && (start === 0 || end > ends[start - 1]!)) spans.push({ start, end });
  }
  return spans;
}

function rarityOf({ millibits }: SpanIndex, answerIds: readonly number[], { start, end }: Span): number {
  return answerIds.slice(start, end).reduce((sum, id) => sum + millibits[id]!, 0);
}

function placesOf(index: SpanIndex, span: Int32Array, rowsMax: number): Pick<FoundSpan, 'occurrences' | 'exampleIds'> {
  const rows = new Set<number>();
  let [occurrences, firstRow] = [0, 0];
  for (const shard of index.shards) {
    const { low, high } = rangeOf(shard, span);
    const looked = Math.min(high, low + placesMax);
    for (let i = low; i < looked; i++) rows.add(firstRow + rowAt(shard, shard.suffixes[i]!));
    occurrences += high - low;
    firstRow += shard.rowStarts.length - 1;
  }
  const oldest = Int32Array.from(rows).sort().subarray(0, rowsMax);
  return { occurrences, exampleIds: Array.from(oldest, (row) => rowIdOf(index, row)) };
}
