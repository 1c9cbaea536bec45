import type { SpanShard } from './span-index.ts';

/**
 * Length of the longest match that starts at each position of the query, anywhere in a shard. The suffixes that sort next
 * to the query's are the ones that share the most with it, so one binary search a position is enough.
 *
 * @param query token ids + 1, as in the shard
 */
export function longestMatches(shard: SpanShard, query: Int32Array): Int32Array {
  const { suffixes } = shard;
  return query.map((_, start) => {
    const at = lowerBound(shard, query, start, query.length);
    const after = at < suffixes.length ? commonLength(shard, suffixes[at]!, query, start, query.length) : 0;
    const before = at > 0 ? commonLength(shard, suffixes[at - 1]!, query, start, query.length) : 0;
    return Math.max(before, after);
  });
}

/** The suffixes `low .. high - 1` that begin with all of `span`. */
export function rangeOf(shard: SpanShard, span: Int32Array): { low: number; high: number } {
  const low = lowerBound(shard, span, 0, span.length);
  let high = shard.suffixes.length;
  for (let from = low; from < high; ) {
    const middle = (from + high) >> 1;
    if (commonLength(shard, shard.suffixes[middle]!, span, 0, span.length) === span.length) from = middle + 1;
    else high = middle;
  }
  return { low, high };
}

/**
 * Rank of the first suffix that is not smaller than `query[start .. end)`. What both borders of the search share with the
 * query, everything between them shares too, and is not compared again: long repeats cost no more than short ones.
 */
function lowerBound(shard: SpanShard, query: Int32Array, start: number, end: number): number {
  const { tokens, suffixes } = shard;
  let [low, high] = [0, suffixes.length];
  let [lowShared, highShared] = [0, 0];
  while (low < high) {
    const middle = (low + high) >> 1;
    const skip = Math.min(lowShared, highShared);
    const position = suffixes[middle]!;
    const shared = skip + commonLength(shard, position + skip, query, start + skip, end);
    const isSmaller = start + shared < end && (tokens[position + shared] ?? 0) < query[start + shared]!;
    if (isSmaller) {
      low = middle + 1;
      lowShared = shared;
    } else {
      high = middle;
      highShared = shared;
    }
  }
  return low;
}

/** Tokens that the text at `position` and the query at `start` have in common; the 0 at a row's end equals none. */
function commonLength({ tokens }: SpanShard, position: number, query: Int32Array, start: number, end: number): number {
  let length = 0;
  while (start + length < end && tokens[position + length] === query[start + length]) length++;
  return length;
}
