import { characterOfByte } from './byte-alphabet.ts';

/** Pre-tokens kept with their ids; English has few, so nearly all words of a corpus are found here. */
const cacheEntriesMax = 200_000;

/**
 * Encoder for byte-level BPE with one Split pattern, the kind that `trainBpe` makes. Gives the ids that
 * `@huggingface/tokenizers` gives, but remembers whole pre-tokens, which makes it fast enough for a corpus.
 */
export class BpeEncoder {
  private readonly pattern: RegExp;
  private readonly ids: ReadonlyMap<string, number>;
  /** Rank of a merge by "left right"; neither part can hold a space in the byte alphabet. */
  private readonly ranks: ReadonlyMap<string, number>;
  private readonly cache = new Map<string, readonly number[]>();

  /** An encoder for a parsed `tokenizer.json`, or null if it describes anything that this class does not cover. */
  static from(json: object): BpeEncoder | null {
    const { normalizer, pre_tokenizer: pre, model } = json as TokenizerJson;
    const [split, bytes, ...rest] = pre?.pretokenizers ?? [];
    const pattern = split?.pattern?.Regex;
    const isCovered =
      !normalizer &&
      pre?.type === 'Sequence' &&
      split?.type === 'Split' &&
      split.behavior === 'Isolated' &&
      !split.invert &&
      bytes?.type === 'ByteLevel' &&
      !bytes.add_prefix_space &&
      bytes.use_regex === false &&
      rest.length === 0 &&
      model?.type === 'BPE' &&
      !model.ignore_merges &&
      !model.byte_fallback &&
      !model.continuing_subword_prefix &&
      !model.end_of_word_suffix;
    // Oniguruma and JavaScript agree on classes and look-ahead; inline flags and possessive quantifiers differ.
    if (!isCovered || !pattern || /\(\?[^:!=]|[+*?]\+/.test(pattern)) return null;
    return new BpeEncoder(pattern, model.vocab, model.merges);
  }

  private constructor(pattern: string, vocabulary: Record<string, number>, merges: readonly (string | string[])[]) {
    this.pattern = new RegExp(pattern, 'gu');
    this.ids = new Map(Object.entries(vocabulary));
    this.ranks = new Map(merges.map((merge, rank) => [typeof merge === 'string' ? merge : merge.join(' '), rank]));
  }

  encode(text: string): number[] {
    const out: number[] = [];
    let end = 0;
    for (const match of text.matchAll(this.pattern)) {
      if (match.index > end) this.append(out, text.slice(end, match.index));
      this.append(out, match[0]);
      end = match.index + match[0].length;
    }
    if (end < text.length) this.append(out, text.slice(end));
    return out;
  }

  private append(out: number[], word: string): void {
    let ids = this.cache.get(word);
    if (!ids) {
      ids = this.mergeWord(word);
      if (this.cache.size < cacheEntriesMax && word.length <= 64) this.cache.set(word, ids);
    }
    for (const id of ids) out.push(id);
  }

  private mergeWord(word: string): number[] {
    let parts = Array.from(Buffer.from(word), (byte) => characterOfByte[byte]!);
    while (parts.length > 1) {
      let best = Number.POSITIVE_INFINITY;
      for (let i = 1; i < parts.length; i++) {
        best = Math.min(best, this.ranks.get(`${parts[i - 1]} ${parts[i]}`) ?? best);
      }
      if (best === Number.POSITIVE_INFINITY) break;
      parts = this.applyMerge(parts, best);
    }
    return parts.map((part) => this.ids.get(part)!);
  }

  private applyMerge(parts: readonly string[], rank: number): string[] {
    const merged: string[] = [];
    for (let i = 0; i < parts.length; i++) {
      const next = parts[i + 1];
      const isPair = next !== undefined && this.ranks.get(`${parts[i]} ${next}`) === rank;
      merged.push(isPair ? parts[i]! + next : parts[i]!);
      if (isPair) i++;
    }
    return merged;
  }
}

type TokenizerJson = {
  normalizer?: unknown;
  pre_tokenizer?: {
    type: string;
    pretokenizers?: {
      type: string;
      pattern?: { Regex?: string };
      behavior?: string;
      invert?: boolean;
      add_prefix_space?: boolean;
      use_regex?: boolean;
    }[];
  };
  model?: {
    type: string;
    vocab: Record<string, number>;
    merges: (string | string[])[];
    ignore_merges?: boolean;
    byte_fallback?: boolean;
    continuing_subword_prefix?: string | null;
    end_of_word_suffix?: string | null;
  };
};
