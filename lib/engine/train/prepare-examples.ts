import { createHash } from 'node:crypto';
import { type ChatMessage, renderChat } from '../tokenizer/chat.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { TrainingError } from './errors.ts';

/** One row to learn from: a conversation of which only the assistant's words (and their end) carry loss. */
export type TrainingExample = { id: string; messages: ChatMessage[] };

/** Inputs and labels are shifted by one: `labels[t]` follows `ids[t]`, and counts where `mask[t]` is 1. */
export type PreparedExample = {
  id: string;
  ids: Int32Array;
  labels: Int32Array;
  mask: Uint8Array;
  /** Number of positions that carry loss. */
  lossTokens: number;
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

/**
 * Renders and cuts examples for training or evaluation.
 *
 * @param name what to call the set in the error, e.g. "training set"
 * @throws TrainingError dataset_empty if nothing is left to learn from
 */
export function prepareExamples(
  tokenizer: Tokenizer,
  examples: readonly TrainingExample[],
  maxSeqLength: number,
  name: string,
): PreparedSet {
  const set: PreparedSet = { examples: [], truncated: 0, skipped: [], tokens: 0, lossTokens: 0, sha256: '' };
  const hash = createHash('sha256');
  for (const { id, messages } of examples) {
    const { ids, lossMask } = renderChat(tokenizer, messages);
    if (ids.length > maxSeqLength) set.truncated += 1;
    const kept = ids.slice(0, maxSeqLength);
    const prepared = {
      id,
      ids: Int32Array.from(kept.slice(0, -1)),
      labels: Int32Array.from(kept.slice(1)),
      mask: Uint8Array.from(lossMask.slice(1, kept.length)),
      lossTokens: lossMask.slice(1, kept.length).reduce((sum, bit) => sum + bit, 0),
    };
    if (prepared.lossTokens === 0) {
      set.skipped.push(id);
      continue;
    }
    hash.update(id).update(prepared.ids).update(prepared.labels).update(prepared.mask);
    set.examples.push(prepared);
    set.tokens += prepared.ids.length;
    set.lossTokens += prepared.lossTokens;
  }
  if (set.examples.length === 0) {
    throw new TrainingError('dataset_empty', `The ${name} has no example with an assistant's answer to learn from.`);
  }
  return { ...set, sha256: hash.digest('hex') };
}
