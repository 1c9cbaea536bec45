import { createHash } from 'node:crypto';
import { type ChatMessage, type RenderedChat, renderChat, renderText } from '../tokenizer/chat.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { TrainingError } from './errors.ts';
import { createPermutation } from './random.ts';
import type { Recipe } from './recipe.ts';
import { onceInTenths } from './rows-of-pass.ts';

/** A row to learn from: a conversation, of which the assistant's words (and their end) carry loss. */
export type ChatExample = { id: string; messages: ChatMessage[] } & Place;
/** Or a plain text, which carries loss on all its tokens. */
export type TextExample = { id: string; text: string } & Place;
export type TrainingExample = ChatExample | TextExample;

/** Of rows from several sources: which one, and how often a pass reads the row, in tenths; left out: once. */
type Place = { part?: string | undefined; tenths?: number | undefined };

/** Inputs and labels are shifted by one: `labels[t]` follows `ids[t]`, and counts where `mask[t]` is 1. */
export type PreparedExample = {
  id: string;
  ids: Int32Array;
  labels: Int32Array;
  mask: Uint8Array;
  /** Number of positions that carry loss. */
  lossTokens: number;
  /** As the row has them. */
  part?: string | undefined;
  tenths?: number | undefined;
};

export type PreparedSet = {
  examples: PreparedExample[];
  /** Examples cut to `maxSeqLength` tokens. */
  truncated: number;
  /** Ids of examples without a single token to learn, also after the cut; they take no part. */
  skipped: string[];
  tokens: number;
  lossTokens: number;
  /** SHA-256 of the ids and masks in order: what training really saw. */
  sha256: string;
};

export type PrepareOptions = {
  /** Tokens, both ends included. */
  maxSeqLength: number;
  /** 'all' lets questions carry loss, too. */
  lossOn: Recipe['lossOn'];
};

/**
 * Renders and cuts examples for training or evaluation: linear in the rows, some 5 bytes a token besides the objects.
 *
 * @param name what to call the set in the error, e.g. "training set"
 * @throws TrainingError dataset_empty if nothing is left to learn from
 */
export function prepareExamples(
  tokenizer: Tokenizer,
  examples: readonly TrainingExample[],
  { maxSeqLength, lossOn }: PrepareOptions,
  name: string,
): PreparedSet {
  const set: PreparedSet = { examples: [], truncated: 0, skipped: [], tokens: 0, lossTokens: 0, sha256: '' };
  const hash = createHash('sha256');
  const store = new TokenStore();
  for (const example of examples) {
    const rendered = render(tokenizer, example, lossOn);
    if (rendered.ids.length > maxSeqLength) set.truncated += 1;
    const length = Math.min(rendered.ids.length, maxSeqLength);
    const lossTokens = count(rendered.lossMask, length);
    if (lossTokens === 0) {
      set.skipped.push(example.id);
      continue;
    }
    const { id, part, tenths } = example;
    const prepared = { id, ...store.add(rendered, length), lossTokens, part, tenths };
    hash.update(prepared.id).update(prepared.ids).update(prepared.labels).update(prepared.mask);
    if (tenths !== undefined && tenths !== onceInTenths) hash.update(`${part}|${tenths}`);
    set.examples.push(prepared);
    set.tokens += prepared.ids.length;
    set.lossTokens += lossTokens;
  }
  if (set.examples.length === 0) {
    throw new TrainingError('dataset_empty', `The ${name} has no example with an answer or a text to learn from.`);
  }
  return { ...set, sha256: hash.digest('hex') };
}

/** At most `limit` rows (0: all) in their order, chosen by `key` alone: measuring a split stays affordable at any size. */
export function chooseRows<T>(rows: readonly T[], limit: number, key: string): readonly T[] {
  if (limit === 0 || rows.length <= limit) return rows;
  const chosen = createPermutation(rows.length, `${key}|rows`).subarray(0, limit).sort();
  return Array.from(chosen, (at) => rows[at]!);
}

function render(tokenizer: Tokenizer, example: TrainingExample, lossOn: Recipe['lossOn']): RenderedChat {
  if ('text' in example) return renderText(tokenizer, example.text);
  const { ids, lossMask } = renderChat(tokenizer, example.messages);
  return { ids, lossMask: lossOn === 'all' ? lossMask.fill(1) : lossMask };
}

function count(lossMask: readonly number[], length: number): number {
  let sum = 0;
  for (let i = 1; i < length; i++) sum += lossMask[i]!;
  return sum;
}

const chunkTokens = 1 << 16;

/** Tokens and masks of many examples in few large arrays: an array of its own for each would cost more than its content. */
class TokenStore {
  private tokens = new Int32Array(0);
  private mask = new Uint8Array(0);
  private used = 0;

  /** Copies the first `length` tokens and returns views: ids and labels are the same tokens, one apart. */
  add({ ids, lossMask }: RenderedChat, length: number): Pick<PreparedExample, 'ids' | 'labels' | 'mask'> {
    if (this.used + length > this.tokens.length) {
      this.tokens = new Int32Array(Math.max(chunkTokens, length));
      this.mask = new Uint8Array(this.tokens.length);
      this.used = 0;
    }
    const start = this.used;
    const end = start + length;
    this.used = end;
    for (let i = 0; i < length; i++) {
      this.tokens[start + i] = ids[i]!;
      this.mask[start + i] = lossMask[i]!;
    }
    return {
      ids: this.tokens.subarray(start, end - 1),
      labels: this.tokens.subarray(start + 1, end),
      mask: this.mask.subarray(start + 1, end),
    };
  }
}
