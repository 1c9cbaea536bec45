import type { CheckReason } from '../../types.ts';
import { functionWords } from './function-words.ts';
import type { TextFacts } from './text-facts.ts';

const wordsMin = 10;
/** Of so many words one in ten is a function word, in whatever text of a language. */
const sentenceWords = 20;
/** Scripts of languages that are not written in Latin letters (ISO 15924 by BCP-47 language). */
const scripts: Readonly<Record<string, RegExp>> = {
  ru: /\p{Script=Cyrillic}/u,
  uk: /\p{Script=Cyrillic}/u,
  bg: /\p{Script=Cyrillic}/u,
  sr: /\p{Script=Cyrillic}|\p{Script=Latin}/u,
  el: /\p{Script=Greek}/u,
  ar: /\p{Script=Arabic}/u,
  fa: /\p{Script=Arabic}/u,
  ur: /\p{Script=Arabic}/u,
  he: /\p{Script=Hebrew}/u,
  hi: /\p{Script=Devanagari}/u,
  mr: /\p{Script=Devanagari}/u,
  ne: /\p{Script=Devanagari}/u,
  bn: /\p{Script=Bengali}/u,
  ta: /\p{Script=Tamil}/u,
  te: /\p{Script=Telugu}/u,
  th: /\p{Script=Thai}/u,
  zh: /\p{Script=Han}/u,
  ja: /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u,
  ko: /\p{Script=Hangul}/u,
  ka: /\p{Script=Georgian}/u,
  hy: /\p{Script=Armenian}/u,
  am: /\p{Script=Ethiopic}/u,
};
const latin = /\p{Script=Latin}/u;

/**
 * Whether a row is in the Datanet's language: by its script, then by words that no text of a language does without. Only what
 * is clearly another language is marked: half of the letters in another script, or three times as many function words of
 * another language as of its own. Short rows and languages without a list pass.
 *
 * @param language BCP-47 tag of the Datanet
 */
export function checkLanguage({ all, words }: TextFacts, language: string): CheckReason[] {
  const own = language.toLowerCase().split('-')[0]!;
  if (own === 'und' || own === 'mul') return [];
  const letters = all.match(/\p{L}/gu) ?? [];
  const script = scripts[own] ?? latin;
  const inScript = letters.filter((letter) => script.test(letter)).length;
  if (letters.length >= 20 && inScript < letters.length / 2) {
    return [{ check: 'language', points: 60, text: `Most of its letters are not of the script of “${language}”.` }];
  }
  const ownWords = functionWords.get(own);
  if (!ownWords || words.length < wordsMin) return [];
  const lower = words.map((word) => word.toLowerCase());
  const count = (list: ReadonlySet<string>) => lower.filter((word) => list.has(word)).length;
  const mine = count(ownWords);
  if (lower.length >= sentenceWords && mine < lower.length * 0.1) {
    return [{ check: 'language', points: 55, text: 'It holds hardly any of the words that make sentences.' }];
  }
  const other = Math.max(...[...functionWords].map(([code, list]) => (code === own ? 0 : count(list))));
  if (other < 3 || other < 3 * mine || other < lower.length * 0.15) return [];
  return [{ check: 'language', points: 60, text: `It seems to be in another language than “${language}”.` }];
}
