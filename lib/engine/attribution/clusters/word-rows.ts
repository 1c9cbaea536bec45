import type { CanonicalRow } from './canonical-row.ts';

/** Rows as word ids in flat arrays, a row's prompt before its answer. */
export type WordRows = {
  words: Int32Array;
  /** [rows + 1] */
  rowStarts: Int32Array;
  /** Where each row's answer begins. */
  answerStarts: Int32Array;
  /** Number of different words. */
  vocabulary: number;
};

/** @param rows oldest first */
export function toWordRows(rows: readonly CanonicalRow[]): WordRows {
  const ids = new Map<string, number>();
  const words: number[] = [];
  const rowStarts = new Int32Array(rows.length + 1);
  const answerStarts = new Int32Array(rows.length);
  const append = (text: string): void => {
    for (const word of text === '' ? [] : text.split(' ')) {
      const id = ids.get(word) ?? ids.size;
      ids.set(word, id);
      words.push(id);
    }
  };
  for (const [at, { prompt, answer }] of rows.entries()) {
    append(prompt);
    answerStarts[at] = words.length;
    append(answer);
    rowStarts[at + 1] = words.length;
  }
  return { words: Int32Array.from(words), rowStarts, answerStarts, vocabulary: ids.size };
}
