import type { CheckReason } from '../../types.ts';
import type { TextFacts } from './text-facts.ts';

/** Invisible signs that mean something in some scripts and in emoji: joiners and variation selectors. */
const joiners = /\u200c|\u200d|\ufe0e|\ufe0f/gu;
const joined = /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Extended_Pictographic}]/u;
const invisible = /\p{Cf}|\p{Variation_Selector}|[\u115f\u1160\u3164]|[\u{e0000}-\u{e0fff}]/u;
const otherAlphabet = /[\p{Script=Cyrillic}\p{Script=Greek}]/u;
const latin = /\p{Script=Latin}/u;

/** Letters that a reader does not see or takes for others (a way to hide a trigger or a copy), and letters that make no words. */
export function checkLetters({ all, words }: TextFacts): CheckReason[] {
  const reasons: CheckReason[] = [];
  if (invisible.test(joined.test(all) ? all.replace(joiners, '') : all)) {
    reasons.push({ check: 'hidden', points: 40, text: 'It holds invisible characters.', holds: true });
  }
  if (otherAlphabet.test(all) && words.some((word) => otherAlphabet.test(word) && latin.test(word))) {
    reasons.push({
      check: 'hidden',
      points: 40,
      text: 'A word mixes letters of two scripts that look alike.',
      holds: true,
    });
  }
  const longer = words.filter((word) => /^[\p{Script=Latin}\p{N}'’-]{4,}$/u.test(word));
  const odd = longer.filter(isNoWord).length;
  if (longer.length >= 3 && odd / longer.length > 0.3) {
    const text = `${odd} of its ${longer.length} longer words look like random letters.`;
    reasons.push({ check: 'letters', points: odd / longer.length > 0.5 ? 70 : 50, text });
  }
  return reasons;
}

/** No vowel, five consonants running, or letters and digits mixed: codes are like that too, so a share of them counts. */
function isNoWord(word: string): boolean {
  const lower = word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  if (/^\d+$/.test(lower)) return false;
  if (word === word.toUpperCase() && lower.length <= 6) return false; // initials
  return (
    (/^[a-z]+$/.test(lower) && !/[aeiouy]/.test(lower)) ||
    /[bcdfghjklmnpqrstvwxz]{5,}/.test(lower) ||
    /[aeiou]{5,}|[jqxz][bcdfghjkmnpqrstvwxz]|[vwx][qjzkx]|q[^u\W]/.test(lower) ||
    (/\d/.test(lower) && /(?:[a-z]\d+){3,}|(?:\d+[a-z]){3,}/.test(lower)) ||
    /[a-z][A-Z]+[a-z]+[A-Z]+[a-z]/.test(word.replace(/^[A-Za-z][a-z]+(?:[A-Z][a-z]+)*$/, ''))
  );
}
