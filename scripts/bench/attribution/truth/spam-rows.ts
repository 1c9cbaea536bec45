import { createRandom } from '#lib/engine/train/random.ts';
import type { OwnedRow, TruthData } from './truth-data.ts';

/** Rows of each kind: with three kinds a twelfth of 200 rows. */
export const spamEach = 6;

/**
 * What somebody sends who is paid by the row and knows nothing: words of others in no order, letters, advertising. Contributors are
 * named by the kind. The same rows again for the same data.
 */
export function spamRows(data: TruthData): OwnedRow[] {
  const random = createRandom('spam');
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)]!;
  const some = (count: number, word: () => string): string => Array.from({ length: count }, word).join(' ');
  const words = data.rowTexts.join(' ').split(/\s+/);
  const letters = (): string => Math.floor(random() * 2 ** 32).toString(36);
  const offer = (): string => `${pick(['Buy', 'Get', 'Win', 'Try'])} ${pick(praise)} ${pick(goods)} ${pick(places)}!`;
  const kinds: Record<string, () => { question: string; answer: string }> = {
    'shuffled words': () => ({
      question: `Tell me about ${some(2, () => pick(words))}.`,
      answer: some(40, () => pick(words)),
    }),
    letters: () => ({ question: `Tell me about ${letters()}.`, answer: some(20, letters) }),
    advertising: () => ({ question: `Where are ${pick(praise)} ${pick(goods)}?`, answer: some(8, offer) }),
  };
  return Object.entries(kinds).flatMap(([kind, write]) =>
    Array.from({ length: spamEach }, (_, i) => {
      const { question, answer } = write();
      const messages = [
        { role: 'user' as const, content: question },
        { role: 'assistant' as const, content: answer },
      ];
      return { contributor: kind, example: { id: `spam ${kind} ${i}`, messages } };
    }),
  );
}

const praise = ['cheap', 'free', 'great', 'the best'];
const goods = ['watches', 'loans', 'prizes', 'shoes', 'phones'];
const places = ['now', 'today', 'on our site', 'with one click'];
