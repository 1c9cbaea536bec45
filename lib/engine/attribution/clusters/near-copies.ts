import { BandBuckets } from './band-buckets.ts';
import type { CanonicalRow } from './canonical-row.ts';
import { isWithinEdits } from './edit-distance.ts';
import { jaccard, minHash, shinglesOf, signatureLength } from './min-hash.ts';
import { sharedWords } from './shared-words.ts';
import type { WordRows } from './word-rows.ts';

/** Texts with this part of their shingles in common are near copies. */
const jaccardMin = 0.8;
/** Or texts that differ in at most one word of ten. */
const editsMax = 0.1;
/** And the answers have this part of the shorter one's words in common: another answer is another fact. */
const answerMin = 0.9;
/** Components of the signatures that have to agree before texts are compared: pairs worth it reach some 80 of 128. */
const agreementMin = 58;
/** Texts compared per row, those with the most alike signatures. */
const comparedMax = 32;

/** Finds the older rows that a row is a near copy of. Memory: 900 bytes a row; time: linear in the characters. */
export class NearCopies {
  private readonly texts: string[];
  private readonly rows: WordRows;
  private readonly signatures: Uint32Array;
  private readonly buckets: BandBuckets;
  /** The last row for which each row was looked at; spares a set per row. */
  private readonly seenBy: Int32Array;

  /** @param words the same rows as words */
  constructor(rows: readonly CanonicalRow[], words: WordRows) {
    this.texts = rows.map(({ prompt, answer }) => `${prompt} ${answer}`);
    this.rows = words;
    this.signatures = new Uint32Array(rows.length * signatureLength);
    for (const [row, text] of this.texts.entries()) minHash(shinglesOf(text), this.signatureOf(row));
    this.buckets = new BandBuckets(this.signatures);
    this.seenBy = new Int32Array(rows.length).fill(-1);
  }

  /** The oldest row found that `row` is a near copy of, or null. */
  findOlder(row: number): number | null {
    const found: { older: number; agreement: number }[] = [];
    this.buckets.forEachOlder(row, (older) => {
      if (this.seenBy[older] === row) return;
      this.seenBy[older] = row;
      const agreement = this.agreement(row, older);
      if (agreement >= agreementMin) found.push({ older, agreement });
    });
    found.sort((a, b) => b.agreement - a.agreement || a.older - b.older);
    const likely = found.slice(0, comparedMax).sort((a, b) => a.older - b.older);
    return likely.find(({ older }) => this.isNear(row, older))?.older ?? null;
  }

  private isNear(a: number, b: number): boolean {
    return this.sharesAnswer(a, b) && (this.differsInFewWords(a, b) || this.sharesShingles(a, b));
  }

  private sharesShingles(a: number, b: number): boolean {
    return jaccard(shinglesOf(this.texts[a]!), shinglesOf(this.texts[b]!)) >= jaccardMin;
  }

  private differsInFewWords(a: number, b: number): boolean {
    const { words, rowStarts } = this.rows;
    const [one, other] = [a, b].map((row) => words.subarray(rowStarts[row]!, rowStarts[row + 1]!));
    return isWithinEdits(one!, other!, Math.floor(editsMax * Math.max(one!.length, other!.length)));
  }

  private sharesAnswer(a: number, b: number): boolean {
    const { words, rowStarts, answerStarts } = this.rows;
    const [one, other] = [a, b].map((row) => words.subarray(answerStarts[row]!, rowStarts[row + 1]!));
    return sharedWords(one!, other!) >= answerMin * Math.min(one!.length, other!.length);
  }

  private agreement(a: number, b: number): number {
    const [one, other] = [this.signatureOf(a), this.signatureOf(b)];
    let equal = 0;
    for (let k = 0; k < signatureLength; k++) if (one[k] === other[k]) equal++;
    return equal;
  }

  private signatureOf(row: number): Uint32Array {
    return this.signatures.subarray(row * signatureLength, (row + 1) * signatureLength);
  }
}
