import { bandsOf, hashText, jaccard, shinglesOf } from './min-hash.ts';
import { skeletonOf } from './skeleton.ts';

/** What a row is compared by. */
export type RowSketch = {
  /** Skeletons of the fields in their order: the question first, the answer last. */
  parts: readonly string[];
  /** Of all its different words in alphabetical order: moving words or sentences about makes no new row. */
  shingles: Uint32Array;
  /** Keys under which it is filed: its bands, then its question and its answer as wholes. */
  bands: Int32Array;
};

/**
 * `same`: the eye sees no difference. `near`: almost the same words, in whatever order. `stitched`: one row's question under
 * another one's answer, both word for word.
 */
export type Likeness = { kind: 'same' | 'near' | 'stitched'; similarity: number };

/** Rows with this part of their shingles in common are near copies. */
const jaccardMin = 0.8;
/** And their answers have this part of the shorter one's words in common: another answer is another fact. */
const answerMin = 0.9;

/** Shorter questions and answers, as labels are, belong to nobody. */
const partWordsMin = 5;

/** @param texts the row's fields in the Datanet's order. About 0.2 ms for 500 characters. */
export function sketchRow(texts: readonly string[]): RowSketch {
  const parts = texts.map(skeletonOf);
  const words = [...new Set(parts.join(' ').split(' '))].sort();
  const shingles = shinglesOf(words.join(' '));
  const bands = bandsOf(shingles);
  const partKey = (part: string) => (part.split(' ').length < partWordsMin ? bands[0]! : hashText(part));
  return { parts, shingles, bands: Int32Array.from([...bands, partKey(parts[0]!), partKey(parts.at(-1)!)]) };
}

/** How two rows are alike, or null when they are rows of their own. Symmetric. */
export function compareRows(a: RowSketch, b: RowSketch): Likeness | null {
  if (a.parts.length === b.parts.length && a.parts.every((part, i) => part === b.parts[i])) {
    return { kind: 'same', similarity: 1 };
  }
  const similarity = jaccard(a.shingles, b.shingles);
  if (similarity < jaccardMin || numbersOf(a) !== numbersOf(b)) return null;
  return sharedWords(a.parts.at(-1)!, b.parts.at(-1)!) >= answerMin ? { kind: 'near', similarity } : null;
}

/** The oldest of these rows that `row` is like, else the one whose answer it puts under another one's question; or null. */
export function findLike<T>(
  row: RowSketch,
  older: Iterable<readonly [candidate: T, sketch: RowSketch]>,
): (Likeness & { candidate: T }) | null {
  let [asked, answered]: [T | null, T | null] = [null, null];
  const [question, answer] = [row.parts[0]!, row.parts.at(-1)!];
  const isOwn = (part: string) => row.parts.length < 2 || part.split(' ').length < partWordsMin;
  for (const [candidate, sketch] of older) {
    const likeness = compareRows(row, sketch);
    if (likeness) return { ...likeness, candidate };
    if (!isOwn(question) && sketch.parts[0] === question) asked ??= candidate;
    if (!isOwn(answer) && sketch.parts.at(-1) === answer) answered ??= candidate;
  }
  return asked !== null && answered !== null ? { kind: 'stitched', similarity: 1, candidate: answered } : null;
}

/** Another number is another fact, in however many equal words. */
function numbersOf({ parts }: RowSketch): string {
  return parts.map((part) => (part.match(/\S*\p{N}\S*/gu) ?? []).sort().join(' ')).join('\n');
}

/** Words in common, repeats counted, as part of the shorter text's words. */
function sharedWords(a: string, b: string): number {
  const [one, other] = [a.split(' '), b.split(' ')];
  const counts = new Map<string, number>();
  for (const word of one) counts.set(word, (counts.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of other) {
    const left = counts.get(word) ?? 0;
    if (left > 0) shared++;
    counts.set(word, left - 1);
  }
  return shared / Math.min(one.length, other.length);
}
