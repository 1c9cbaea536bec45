import { findOlderMatches, type OlderMatches } from './older-matches.ts';
import type { WordRows } from './word-rows.ts';

/** Words that a stretch must have to be copied and not merely said alike: about 16 tokens of a subword vocabulary. */
const stretchMin = 12;
/** Part of an answer in such stretches that makes the row a copy. */
const coveredMin = 0.7;
/**
 * Where an older row asks the same, an answer of old stretches only has nothing new to say. Such a stretch is one that chance
 * would not repeat: words carry some 5 bits each, given those before them, and the older answers have room for log2(words).
 */
const askedStretchMin = (olderWords: number): number => Math.max(2, Math.ceil(Math.log2(olderWords + 1) / 5));
const askedCoveredMin = 0.9;

/**
 * Finds answers that are put together from stretches of older answers: one row with a new frame, or pieces of several.
 * Only answers count, because instructions are repeated in good faith. Time and memory: linear in the words.
 */
export class StitchedCopies {
  private readonly starts: Int32Array;
  private readonly matches: OlderMatches;

  constructor({ words, rowStarts, answerStarts, vocabulary }: WordRows) {
    this.starts = new Int32Array(rowStarts.length);
    const answers = new Int32Array(words.length);
    for (let row = 0, at = 0; row < answerStarts.length; row++) {
      const answer = words.subarray(answerStarts[row]!, rowStarts[row + 1]!);
      answers.set(answer, at);
      this.starts[row + 1] = at += answer.length;
    }
    this.matches = findOlderMatches(answers.subarray(0, this.starts.at(-1)), this.starts, vocabulary);
  }

  /**
   * If enough of the row's answer is copied, the original that most of it comes from; ties go to the older one.
   * @param originals the original of each older row
   * @param isAsked an older row asks what this one asks
   */
  findOriginal(row: number, originals: Int32Array, isAsked: boolean): number | null {
    const found = this.mostTaken(row, originals, stretchMin, coveredMin);
    if (found !== null || !isAsked) return found;
    return this.mostTaken(row, originals, askedStretchMin(this.starts[row]!), askedCoveredMin);
  }

  private mostTaken(row: number, originals: Int32Array, lengthMin: number, partMin: number): number | null {
    const [start, end] = [this.starts[row]!, this.starts[row + 1]!];
    const taken = new Map<number, number>();
    let [covered, at] = [0, start];
    for (let i = start; i < end; i++) {
      const length = this.matches.lengths[i]!;
      const fresh = i + length - Math.max(i, at);
      if (length < lengthMin || fresh <= 0) continue;
      const original = originals[this.matches.sources[i]!]!;
      taken.set(original, (taken.get(original) ?? 0) + fresh);
      covered += fresh;
      at = i + length;
    }
    if (covered === 0 || covered < partMin * (end - start)) return null;
    return [...taken].reduce((best, next) =>
      next[1] > best[1] || (next[1] === best[1] && next[0] < best[0]) ? next : best,
    )[0];
  }
}
