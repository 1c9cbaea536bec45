import type { CheckReason, RowData } from '../../types.ts';
import { findNames } from '../find-names.ts';
import type { TextFacts } from './text-facts.ts';

/** Whether there is an answer to speak of, and whether it says more than the question. */
export function checkSubstance({ skeletons, words }: TextFacts): CheckReason[] {
  const [question, answer] = [skeletons[0]!, skeletons.at(-1)!];
  if (skeletons.length > 1 && repeats(question, answer)) {
    return [{ check: 'answer', points: 60, text: 'Its answer repeats the question.' }];
  }
  if (!/[\p{L}\p{N}]/u.test(answer)) return [{ check: 'answer', points: 60, text: 'Its last field holds no words.' }];
  // Languages without spaces have long words; for them the letters count.
  if (words.length < 4 && [...words.join('')].length < 16) {
    return [{ check: 'length', points: 15, text: 'It is very short.' }];
  }
  return [];
}

/** The same, or five words and more of which hardly one is not in the question; numbers do not count. */
function repeats(question: string, answer: string): boolean {
  if (answer === question) return true;
  const words = answer.split(' ').filter((word) => !/\p{N}/u.test(word));
  const asked = new Set(question.split(' '));
  return words.length >= 5 && words.filter((word) => asked.has(word)).length >= 0.95 * words.length;
}

/** A text cannot say whether a name is a private person's: a person decides. */
export function checkNames(data: RowData): CheckReason[] {
  const names = findNames(data).length;
  if (names === 0) return [];
  const text = `It seems to name ${names === 1 ? 'a person' : `${names} people`}. Public figures are fine, private people are not.`;
  return [{ check: 'names', points: 20, text, holds: true }];
}
