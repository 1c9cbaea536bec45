import { sharedWords } from './shared-words.ts';
import type { WordRows } from './word-rows.ts';

/** Words that a row must have for its words alone to tell it. */
const heldWordsMin = 6;
/** Older rows that are compared with one row for one of its words. */
const comparedMax = 64;

/**
 * Finds the older row that a row holds whole: every word of its question in the question, every word of its answer in the
 * answer, in any order, and at most as many words again. Padding and shuffling make no new fact, and in short rows they change
 * more than the shingles of near copies bear.
 *
 * Each row is filed under the word that was rarest up to it: whoever holds the row has that word, so that none is missed, few
 * are compared, and what is added later changes nothing.
 * Time and memory: linear in the words.
 */
export class HeldRows {
  private readonly rows: WordRows;
  /** Rows by their rarest word, oldest first. */
  private readonly filed = new Map<number, number[]>();

  constructor(rows: WordRows) {
    this.rows = rows;
    const counts = new Int32Array(rows.vocabulary);
    for (let row = 0; row < rows.answerStarts.length; row++) {
      const words = this.wordsOf(row);
      for (const word of words) counts[word]!++;
      if (words.length < heldWordsMin) continue;
      const rarest = words.reduce((best, word) => (counts[word]! < counts[best]! ? word : best));
      const list = this.filed.get(rarest);
      if (!list) this.filed.set(rarest, [row]);
      else if (list.length < comparedMax) list.push(row);
    }
  }

  /** The oldest row found before `row` that it holds, or null. */
  findOlder(row: number): number | null {
    let oldest: number | null = null;
    for (const word of new Set(this.wordsOf(row))) {
      const held = this.filed.get(word)?.find((older) => older < row && this.holds(row, older));
      if (held !== undefined && (oldest === null || held < oldest)) oldest = held;
    }
    return oldest;
  }

  private holds(row: number, older: number): boolean {
    if (this.wordsOf(row).length > 2 * this.wordsOf(older).length) return false;
    return [0, 1].every((part) => {
      const [one, other] = [row, older].map((each) => this.partsOf(each)[part]!);
      return sharedWords(one!, other!) === other!.length;
    });
  }

  private partsOf(row: number): [question: Int32Array, answer: Int32Array] {
    const { words, rowStarts, answerStarts } = this.rows;
    const middle = answerStarts[row]!;
    return [words.subarray(rowStarts[row]!, middle), words.subarray(middle, rowStarts[row + 1]!)];
  }

  private wordsOf(row: number): Int32Array {
    return this.rows.words.subarray(this.rows.rowStarts[row]!, this.rows.rowStarts[row + 1]!);
  }
}
