import type { Method } from './method.ts';

/** Okapi's usual constants (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", section 3.5). */
const k1 = 1.2;
const b = 0.75;

/** Words of a row against those of the question and its answer. */
export const bm25: Method = {
  name: 'BM25',
  score: ({ rowTexts, answerTexts }) => bm25Scores(rowTexts, answerTexts),
};

/** As evidence the tail of a lexical score is noise: only the five best rows of an answer keep theirs. */
export const bm25Top5: Method = {
  name: 'BM25, five best rows',
  score: ({ rowTexts, answerTexts }) => bm25Scores(rowTexts, answerTexts).map((line) => keepBest(line, 5)),
};

export function bm25Scores(documents: readonly string[], queries: readonly string[]): Float64Array[] {
  const counted = documents.map((text) => countWords(text));
  const lengths = documents.map((text) => wordsOf(text).length);
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const holders = new Map<string, number>();
  for (const counts of counted) for (const word of counts.keys()) holders.set(word, (holders.get(word) ?? 0) + 1);
  return queries.map((query) => {
    const asked = [...countWords(query).keys()].filter((word) => holders.has(word));
    return Float64Array.from(counted, (counts, i) => {
      let score = 0;
      for (const word of asked) {
        const count = counts.get(word) ?? 0;
        const having = holders.get(word)!;
        const rarity = Math.log(1 + (documents.length - having + 0.5) / (having + 0.5));
        score += (rarity * count * (k1 + 1)) / (count + k1 * (1 - b + (b * lengths[i]!) / meanLength));
      }
      return score;
    });
  });
}

function keepBest(line: Float64Array, count: number): Float64Array {
  const best = new Set([...line.keys()].sort((i, j) => line[j]! - line[i]!).slice(0, count));
  return line.map((value, i) => (best.has(i) ? value : 0));
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
