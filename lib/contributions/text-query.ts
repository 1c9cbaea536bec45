/** The words of a text that rows are searched for. */
export const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];

/** For `to_tsquery`: all words must occur; the last one may be the beginning of a word, so that results come while typing. */
export function textQuery(text: string): string | null {
  const words = wordsOf(text);
  return words.length === 0 ? null : queryOf(words);
}

/** The same of words, of which there is at least one. */
export const queryOf = (words: readonly string[]): string => `${words.map((word) => `'${word}'`).join(' & ')}:*`;
