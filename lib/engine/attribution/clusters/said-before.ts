import type { CanonicalRow } from './canonical-row.ts';
import { contentOf } from './function-words.ts';
import { HeldRows } from './held-rows.ts';
import { toWordRows } from './word-rows.ts';

/** Content words by which a row is known again; one of ten may be another. */
const retold = { wordsMin: 4, missingMax: 0.1 };
/** A question is known by all of its content words. */
const asked = { wordsMin: 2, missingMax: 0 };

/**
 * Looks at rows without the words that only hold sentences together: what an older row says, and what it asks, is the same
 * however such words are exchanged. Time and memory: linear in the words.
 */
export class SaidBefore {
  private readonly rows: HeldRows;
  private readonly questions: HeldRows;

  constructor(rows: readonly CanonicalRow[]) {
    const contents = rows.map(({ id, prompt, answer }) => {
      return { id, prompt: contentOf(prompt), answer: contentOf(answer) };
    });
    this.rows = new HeldRows(toWordRows(contents), retold);
    this.questions = new HeldRows(toWordRows(contents.map((row) => ({ ...row, answer: '' }))), asked);
  }

  /** The oldest row found before `row` that asks and answers the same, or null. */
  findOlder(row: number): number | null {
    return this.rows.findOlder(row);
  }

  /** Whether a row before `row` asks the same, whatever it answers. */
  isAsked(row: number): boolean {
    return this.questions.findOlder(row) !== null;
  }
}
