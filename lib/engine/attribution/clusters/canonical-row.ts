import type { TrainingExample } from '../../train/prepare-examples.ts';

/** A row as its words with single spaces: the prompt, and the answer, which carries the loss (all of a plain text). */
export type CanonicalRow = { id: string; prompt: string; answer: string };

/** Letters, marks and digits form a word; writing without spaces has a word a character; symbols (+ < = $) mean something. */
const wordPattern = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]+|\p{S}/gu;
/** Zero-width and other characters that nobody sees: inserting them must not make a text another one. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/** The form in which rows are compared: case, spacing, punctuation and Unicode spelling play no part. */
export function canonicalRow(row: TrainingExample): CanonicalRow {
  if ('text' in row) return { id: row.id, prompt: '', answer: canonicalText(row.text) };
  const said = (isAnswer: boolean): string =>
    row.messages
      .filter(({ role }) => (role === 'assistant') === isAnswer)
      .map(({ content }) => content)
      .join('\n');
  return { id: row.id, prompt: canonicalText(said(false)), answer: canonicalText(said(true)) };
}

function canonicalText(text: string): string {
  // Upper case first folds what lower case alone keeps apart, e.g. "ß" and "ss".
  const folded = text.normalize('NFKC').replace(invisible, '').toUpperCase().toLowerCase();
  return (folded.match(wordPattern) ?? []).join(' ');
}
