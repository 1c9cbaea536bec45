import { buildSuffixArray } from '../spans/suffix-array.ts';

/** For every word of every row: how many words from there on stand in an older row, and in which. */
export type OlderMatches = {
  /** Longest match, never beyond the row's end; 0 for a word that no older row has. */
  lengths: Int32Array;
  /** An older row that has it; undefined where the length is 0. */
  sources: Int32Array;
};

/**
 * Longest matches of each row with rows before it, by one suffix array over all: among the suffixes of older rows, one of
 * the two next to a suffix in sorted order shares the most with it. What a row gets does not depend on later rows.
 * Linear in the words.
 *
 * @param words word ids from 0, row after row
 * @param rowStarts [rows + 1]
 */
export function findOlderMatches(words: Int32Array, rowStarts: Int32Array, vocabulary: number): OlderMatches {
  const rows = rowStarts.length - 1;
  const { text, rowOf } = separateRows(words, rowStarts);
  const suffixes = buildSuffixArray(text, rows + 1 + vocabulary);
  const shared = sharedWithPrevious(text, suffixes);
  const matches = { lengths: new Int32Array(words.length), sources: new Int32Array(words.length) };
  // Position p of row r is word p - r: each row before it put one separator in.
  const offer = (position: number, length: number, source: number): void => {
    const word = position - rowOf[position]!;
    if (length <= matches.lengths[word]!) return;
    matches.lengths[word] = length;
    matches.sources[word] = source;
  };
  const ranks = suffixes.length - rows - 1; // the first are the sentinel's and the separators'
  const first = rows + 1;
  sweep(
    ranks,
    (i) => suffixes[first + i]!,
    (i) => (i === 0 ? 0 : shared[first + i]!),
    rowOf,
    offer,
  );
  const last = suffixes.length - 1;
  sweep(
    ranks,
    (i) => suffixes[last - i]!,
    (i) => (i === 0 ? 0 : shared[last - i + 1]!),
    rowOf,
    offer,
  );
  return matches;
}

/** Each row gets an end of its own, smaller than all words, so that no match goes beyond it; the sentinel 0 comes last. */
function separateRows(words: Int32Array, rowStarts: Int32Array): { text: Int32Array; rowOf: Int32Array } {
  const rows = rowStarts.length - 1;
  const text = new Int32Array(words.length + rows + 1);
  const rowOf = new Int32Array(text.length);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let i = rowStarts[row]!; i < rowStarts[row + 1]!; i++) {
      text[at] = rows + 1 + words[i]!;
      rowOf[at++] = row;
    }
    text[at] = row + 1;
    rowOf[at++] = row;
  }
  return { text, rowOf };
}

/** Symbols that each suffix shares with the one before it in sorted order (Kasai et al. 2001), linear. */
function sharedWithPrevious(text: Int32Array, suffixes: Int32Array): Int32Array {
  const rank = new Int32Array(text.length);
  for (let i = 0; i < suffixes.length; i++) rank[suffixes[i]!] = i;
  const shared = new Int32Array(text.length);
  let length = 0;
  for (let position = 0; position < text.length; position++) {
    const at = rank[position]!;
    if (at === 0) {
      length = 0;
      continue;
    }
    const before = suffixes[at - 1]!;
    while (text[position + length] === text[before + length]) length++;
    shared[at] = length;
    if (length > 0) length--;
  }
  return shared;
}

/**
 * Goes through the suffixes in one direction and offers each the nearest one of an older row. The stack holds suffixes
 * of ever later rows, and what each shares with the one below it: whoever is not older than a later suffix cannot be the
 * nearest older one for anyone after it.
 */
function sweep(
  count: number,
  suffixAt: (i: number) => number,
  sharedAt: (i: number) => number,
  rowOf: Int32Array,
  offer: (position: number, length: number, source: number) => void,
): void {
  const rows = new Int32Array(count);
  const below = new Int32Array(count);
  let depth = 0;
  for (let i = 0; i < count; i++) {
    const position = suffixAt(i);
    const row = rowOf[position]!;
    let shared = sharedAt(i);
    while (depth > 0 && rows[depth - 1]! >= row) shared = Math.min(shared, below[--depth]!);
    if (depth > 0) offer(position, shared, rows[depth - 1]!);
    rows[depth] = row;
    below[depth] = shared;
    depth += 1;
  }
}
