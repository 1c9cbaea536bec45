import { createRandom } from '#lib/engine/train/random.ts';
import { synonyms, translate } from './words.ts';

/** Ways to send somebody's row again as one's own. The first five change nothing that a reader would notice. */
export const copyKinds = [
  'case',
  'spaces',
  'look-alikes',
  'zero-width',
  'reorder',
  'light paraphrase',
  'translation',
] as const;
export type CopyKind = (typeof copyKinds)[number];

const lookAlikes: Readonly<Record<string, string>> = { a: 'а', c: 'с', e: 'е', i: 'і', o: 'о', p: 'р', x: 'х', y: 'у' };
const spaces = ['  ', '\t', '\u00a0', '\u2003', ' \n'];
const invisible = ['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad'];

/** A copy of a text of the given kind. Equal seeds give equal copies. */
export function plantCopy(kind: CopyKind, text: string, seed: number): string {
  const random = createRandom(`${kind} ${seed}`);
  switch (kind) {
    case 'case':
      return seed % 2 ? text.toUpperCase() : eachLetter(text, 0.3, random, (letter) => letter.toUpperCase());
    case 'spaces':
      return text.replace(/ /g, (space) => (random() < 0.4 ? spaces[Math.floor(random() * spaces.length)]! : space));
    case 'look-alikes':
      return eachLetter(text, 0.6, random, (letter) => lookAlikes[letter] ?? letter);
    case 'zero-width':
      return eachLetter(text, 0.2, random, (letter) => letter + invisible[Math.floor(random() * invisible.length)]!);
    case 'reorder':
      return reorder(text, random);
    case 'light paraphrase':
      return text.replace(/[a-z]+/gi, (word) => {
        const other = synonyms.get(word.toLowerCase());
        return other && random() < 0.8 ? other : word;
      });
    case 'translation':
      return translate(text);
    default:
      return kind satisfies never;
  }
}

/** Sentences in another order; a single sentence has its halves exchanged. */
function reorder(text: string, random: () => number): string {
  const sentences = text.split(/(?<=[.!?;])\s+/);
  if (sentences.length < 2) {
    const words = text.split(' ');
    const middle = Math.ceil(words.length / 2);
    return [...words.slice(middle), ...words.slice(0, middle)].join(' ');
  }
  const turn = 1 + Math.floor(random() * (sentences.length - 1));
  return [...sentences.slice(turn), ...sentences.slice(0, turn)].join(' ');
}

function eachLetter(text: string, part: number, random: () => number, change: (letter: string) => string): string {
  return text.replace(/\p{L}/gu, (letter) => (random() < part ? change(letter) : letter));
}
