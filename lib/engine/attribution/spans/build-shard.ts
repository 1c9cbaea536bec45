import type { ShardTokens, SpanRow, SpanShard } from './span-index.ts';
import { buildSuffixArray } from './suffix-array.ts';

/**
 * Sorts the suffixes of some rows. Each row ends with a separator of its own, smaller than every token: no suffix is
 * compared beyond its row, so the order depends on nothing but the rows' own words and their sequence.
 *
 * @param vocabulary number of token ids
 */
export function buildShard(rows: readonly SpanRow[], vocabulary: number): SpanShard {
  const length = rows.reduce((sum, { tokens }) => sum + tokens.length + 1, 0);
  const text = new Int32Array(length + 1); // its last symbol, 0, is the sentinel
  const tokens: ShardTokens = vocabulary < 2 ** 16 - 1 ? new Uint16Array(length) : new Int32Array(length);
  const rowStarts = new Int32Array(rows.length + 1);
  let at = 0;
  for (const [row, { tokens: ids }] of rows.entries()) {
    rowStarts[row] = at;
    for (let i = 0; i < ids.length; i++) {
      text[at + i] = rows.length + 1 + ids[i]!;
      tokens[at + i] = ids[i]! + 1;
    }
    at += ids.length;
    text[at++] = row + 1;
  }
  rowStarts[rows.length] = at;
  // The sentinel's own suffix comes first; it belongs to no row.
  return { tokens, suffixes: buildSuffixArray(text, rows.length + 1 + vocabulary).subarray(1), rowStarts };
}
