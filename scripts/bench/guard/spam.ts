import { createRandom } from '#lib/engine/train/random.ts';
import { plantCopy } from '../dedup/plant.ts';

type Pair = { question: string; answer: string };
type Random = () => number;
export type SpamRow = Pair & { kind: string };

const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!;
const letters = (length: number, random: Random) =>
  Array.from({ length }, () => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(random() * 26)]).join('');
const phrases = ['great project', 'to the moon', 'very good data', 'nice nice', 'thanks for sharing', 'i like this'];
const offers = [
  'Click here for a free airdrop',
  'Guaranteed profit every day',
  'Join now and double your coins',
  'Best casino bonus, visit our site',
  'DM me on telegram for a discount code',
];
const foreign = [
  'Para abrir una cuenta hay que ir a la oficina con los documentos y esperar a que el empleado los revise',
  'Le client doit envoyer une lettre avec la copie du contrat et il faut attendre la réponse dans les trente jours',
  'Der Kunde muss das Formular ausfüllen und mit der Post an die Stelle schicken, die für ihn zuständig ist',
  'Для того чтобы открыть счет, нужно прийти в банк с документами и подождать, пока их проверят',
];

/**
 * What floods of worthless rows are made of. The last three are fluent or nearly so: no pattern finds them, and what stops
 * them is that every wallet's undecided rows wait behind each other, a person, and that they earn nothing.
 */
const kinds: Readonly<Record<string, (pairs: readonly Pair[], words: readonly string[], random: Random) => Pair>> = {
  'phrase over and over': (_, __, random) => {
    const phrase = pick(phrases, random);
    return {
      question: `${phrase} ${phrase}?`,
      answer: Array.from({ length: 6 + Math.floor(random() * 8) }, () => phrase).join(' '),
    };
  },
  'random letters': (_, __, random) => ({
    question: Array.from({ length: 6 }, () => letters(5 + Math.floor(random() * 6), random)).join(' '),
    answer: Array.from({ length: 14 }, () => letters(4 + Math.floor(random() * 8), random)).join(' '),
  }),
  advertising: (pairs, _, random) => ({
    question: pick(pairs, random).question,
    answer: `${pick(offers, random)}! ${pick(offers, random)}. Ref ${letters(5, random)}`,
  }),
  'copies in disguise': (pairs, _, random) => {
    const kind = pick(['case', 'spaces', 'look-alikes', 'zero-width', 'reorder'] as const, random);
    const { question, answer } = pick(pairs, random);
    const seed = Math.floor(random() * 1e6);
    return { question: plantCopy(kind, question, seed), answer: plantCopy(kind, answer, seed + 1) };
  },
  'one answer, numbered questions': (_, __, random) => ({
    question: `What is item ${Math.floor(random() * 1e7)}?`,
    answer: 'It is one of the items in the list.',
  }),
  'another language': (_, __, random) => ({
    question: `${pick(foreign, random)} ${Math.floor(random() * 1e5)}?`,
    answer: `${pick(foreign, random)}. ${pick(foreign, random)}.`,
  }),
  'filler for missing text': (_, __, random) => ({
    question: `Question ${letters(4, random)} test test?`,
    answer: `Lorem ipsum dolor sit amet ${letters(6, random)}`,
  }),
  'question again as answer': (pairs, _, random) => {
    const { question } = pick(pairs, random);
    return {
      question: `${question} ${Math.floor(random() * 1e6)}`,
      answer: `${question} ${Math.floor(random() * 1e6)}`,
    };
  },
  'words at random': (_, words, random) => ({
    question: Array.from({ length: 8 }, () => pick(words, random)).join(' '),
    answer: Array.from({ length: 20 }, () => pick(words, random)).join(' '),
  }),
  'answers exchanged': (pairs, _, random) => ({
    question: pick(pairs, random).question,
    answer: pick(pairs, random).answer,
  }),
};

/** `count` rows in equal parts of each kind, mixed. */
export function spamRows(count: number, pairs: readonly Pair[]): SpamRow[] {
  const random = createRandom('spam');
  const words = [...new Set(pairs.flatMap(({ answer }) => answer.match(/[\p{L}'-]+/gu) ?? []))];
  const names = Object.keys(kinds);
  return Array.from({ length: count }, (_, i) => {
    const kind = names[i % names.length]!;
    return { kind, ...kinds[kind]!(pairs, words, random) };
  });
}
