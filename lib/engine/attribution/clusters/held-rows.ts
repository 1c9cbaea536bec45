import { sharedWords } from './shared-words.ts';
import type { WordRows } from './word-rows.ts';

/** What of an older row has to be found in a later one. */
type Holding = {
  /** Words that a row must have for its words alone to tell it. */
  wordsMin: number;
  /** Part of the words of question and answer, each, that may be missing. */
  missingMax: number;
};

/** Every word, of rows of six words or more. */
const whole: Holding = { wordsMin: 6, missingMax: 0 };
/** Older rows that are compared with one row for one of its words. */
const comparedMax = 64;

/**
 * Finds the older row that a row holds whole: every word of its question in the question, every word of its answer in the
 * answer, in any order, and at most as many words again. Padding and shuffling make no new fact, and in short rows they change
 * more than the shingles of near copies bear. A holding may bear missing words; the row is then hardly longer than the older one.
 *
 * Each row is filed under the word that was rarest up to it: whoever holds the row whole has that word, so that none is missed, few
 * are compared, and what is added later changes nothing.
 * Time and memory: linear in the words.
 */
export class HeldRows {
  private readonly rows: WordRows;
  private readonly holding: Holding;
  /** Rows by their rarest word, oldest first. */
  private readonly filed = new Map<number, number[]>();

  constructor(rows: WordRows, holding: Holding = whole) {
    this.rows = rows;
    this.holding = holding;
    const counts = new Int32Array(rows.vocabulary);
    for (let row = 0; row < rows.answerStarts.length; row++) {
      const words = this.wordsOf(row);
      for (const word of words) counts[word]!++;
      if (words.length < holding.wordsMin) continue;
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
      const missing = other!.length - sharedWords(one!, other!);
      if (missing === 0) return true;
      const { missingMax } = this.holding;
      return missing <= missingMax * other!.length && one!.length <= (1 + 2 * missingMax) * other!.length;
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
