import { characterOfByte } from './byte-alphabet.ts';

/**
 * GPT-2's pre-tokenisation (openai/gpt-2 `encoder.py`) with each digit on its own, so that numbers are spelled and not
 * memorised: a 4k vocabulary has no room for them, and split numbers are what small models calculate and copy best.
 */
export const preTokenPattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

export type BpeVocabulary = {
  /** Token text in the byte alphabet; the index is the id. Special tokens come first, then the 256 bytes, then merges. */
  tokens: string[];
  merges: [string, string][];
};

export type TrainBpeOptions = { vocabularySize: number; specialTokens: readonly string[] };

/** Counts the pre-tokens of texts; feed it document by document. */
export class PreTokenCounter {
  readonly counts = new Map<string, number>();

  add(text: string): void {
    for (const [word] of text.matchAll(new RegExp(preTokenPattern, 'gu'))) {
      this.counts.set(word, (this.counts.get(word) ?? 0) + 1);
    }
  }
}

/**
 * Byte-level byte-pair encoding (Sennrich et al. 2016, arXiv 1508.07909; bytes as in GPT-2): merges the most frequent
 * adjacent pair until the vocabulary is full. Equal counts are decided by the lower ids, so the result is a function of
 * the counts alone.
 *
 * @throws RangeError if the vocabulary has no room for the special tokens and the 256 bytes
 */
export function trainBpe(
  counts: ReadonlyMap<string, number>,
  { vocabularySize, specialTokens }: TrainBpeOptions,
): BpeVocabulary {
  const firstByte = specialTokens.length;
  if (vocabularySize < firstByte + 256) {
    throw new RangeError(`A byte-level vocabulary needs at least ${firstByte + 256} entries, not ${vocabularySize}.`);
  }
  const tokens = [...specialTokens, ...characterOfByte];
  const merges: [string, string][] = [];
  const pairs = new PairTable(wordsOf(counts, firstByte));
  while (tokens.length < vocabularySize) {
    const pair = pairs.mostFrequent();
    if (!pair) break;
    const merged: [string, string] = [tokens[pair.left]!, tokens[pair.right]!];
    merges.push(merged);
    pairs.merge(pair, tokens.length);
    tokens.push(merged.join(''));
  }
  return { tokens, merges };
}

type Word = { ids: number[]; count: number };
type Pair = { left: number; right: number };

/** Vocabulary sizes stay far under 2^20, so a pair fits a safe integer. */
const pairBase = 1 << 20;

/** Pair counts over all words, kept current while pairs are merged. */
class PairTable {
  private readonly words: Word[];
  private readonly counts = new Map<number, number>();
  /** Words that may hold the pair; never misses one, may name one that lost it. */
  private readonly where = new Map<number, Set<number>>();
  /** Max-heap of [count, key]; entries whose count is out of date are skipped when they surface. */
  private readonly heap: [number, number][] = [];

  constructor(words: Word[]) {
    this.words = words;
    words.forEach(({ ids, count }, at) => {
      for (let i = 1; i < ids.length; i++) this.change(ids[i - 1]!, ids[i]!, count, at);
    });
    for (const [key, count] of this.counts) this.push([count, key]);
  }

  mostFrequent(): Pair | null {
    for (let top = this.pop(); top; top = this.pop()) {
      const [count, key] = top;
      if (this.counts.get(key) !== count || count <= 0) continue;
      return { left: Math.floor(key / pairBase), right: key % pairBase };
    }
    return null;
  }

  merge({ left, right }: Pair, id: number): void {
    const key = left * pairBase + right;
    const touched = new Set<number>();
    for (const at of this.where.get(key) ?? []) this.mergeInWord(at, left, right, id, touched);
    this.counts.delete(key);
    this.where.delete(key);
    touched.delete(key);
    for (const changed of touched) {
      const count = this.counts.get(changed) ?? 0;
      if (count > 0) this.push([count, changed]);
    }
  }

  private mergeInWord(at: number, left: number, right: number, id: number, touched: Set<number>): void {
    const word = this.words[at]!;
    const { ids, count } = word;
    const merged: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      const isPair = ids[i] === left && ids[i + 1] === right;
      merged.push(isPair ? id : ids[i]!);
      if (isPair) i++;
    }
    if (merged.length === ids.length) return;
    for (let i = 1; i < ids.length; i++) touched.add(this.change(ids[i - 1]!, ids[i]!, -count, at));
    for (let i = 1; i < merged.length; i++) touched.add(this.change(merged[i - 1]!, merged[i]!, count, at));
    word.ids = merged;
  }

  private change(left: number, right: number, by: number, at: number): number {
    const key = left * pairBase + right;
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
    if (by > 0) {
      const places = this.where.get(key);
      if (places) places.add(at);
      else this.where.set(key, new Set([at]));
    }
    return key;
  }

  private push(entry: [number, number]): void {
    const { heap } = this;
    heap.push(entry);
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!isBefore(heap[i]!, heap[parent]!)) return;
      [heap[i], heap[parent]] = [heap[parent]!, heap[i]!];
      i = parent;
    }
  }

  private pop(): [number, number] | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || heap.length === 0) return top;
    heap[0] = last;
    for (let i = 0; ; ) {
      let best = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        if (child < heap.length && isBefore(heap[child]!, heap[best]!)) best = child;
      }
      if (best === i) return top;
      [heap[i], heap[best]] = [heap[best]!, heap[i]!];
      i = best;
    }
  }
}

function isBefore([countA, keyA]: [number, number], [countB, keyB]: [number, number]): boolean {
  return countA > countB || (countA === countB && keyA < keyB);
}

/** Words as byte ids, sorted by text so that the order of documents does not matter. */
function wordsOf(counts: ReadonlyMap<string, number>, firstByte: number): Word[] {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, count]) => ({ ids: Array.from(Buffer.from(word), (byte) => firstByte + byte), count }));
}
