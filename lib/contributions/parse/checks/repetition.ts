import type { CheckReason } from '../../types.ts';
import type { TextFacts } from './text-facts.ts';

const wordsMin = 12;

/** The same words or letters over and over. Below a dozen words nothing is said about words. */
export function checkRepetition({ all, words }: TextFacts): CheckReason[] {
  if (/(\p{L})\1{5,}/u.test(all) || /([^\s\p{N}=_.*#-])\1{9,}/u.test(all)) {
    return [{ check: 'repetition', points: 35, text: 'One letter stands many times running.' }];
  }
  if (words.length < wordsMin) return [];
  const lower = words.map((word) => word.toLowerCase());
  const threes = lower.slice(2).map((word, i) => `${lower[i]} ${lower[i + 1]} ${word}`);
  const repeated = 1 - new Set(threes).size / threes.length;
  if (repeated > 0.3) {
    const text = `${Math.round(100 * repeated)} % of its three-word phrases were said before in the same row.`;
    return [{ check: 'repetition', points: repeated > 0.5 ? 70 : 45, text }];
  }
  const counts = new Map<string, number>();
  for (const word of lower) counts.set(word, (counts.get(word) ?? 0) + 1);
  const most = Math.max(...counts.values()) / lower.length;
  if (most <= 0.35) return [];
  return [{ check: 'repetition', points: 55, text: `One word makes up ${Math.round(100 * most)} % of the row.` }];
}
