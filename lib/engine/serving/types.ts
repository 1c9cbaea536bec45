import type { ChatMessage } from '../tokenizer/chat.ts';
import type { AdapterRef } from './adapter-cache.ts';

export type GenerateRequest = {
  /** Left out: the bare base model. */
  adapter?: AdapterRef;
  messages: readonly ChatMessage[];
  /** Upper bound of the answer; the context may end it earlier. */
  maxTokens: number;
  /** 0 is greedy. */
  temperature: number;
  /** In (0, 1]; only used when temperature > 0. */
  topP: number;
  /** Makes sampling repeatable. Left out: drawn anew. */
  seed?: number;
  /** The answer ends before the first of these strings. */
  stop?: readonly string[];
  signal?: AbortSignal;
};

/**
 * stop: the model or a stop string ended the answer; length: maxTokens or the context did; cancelled: the caller did.
 * `promptIds` and `completionIds` are what attribution replays; the latter include the end token that stopped the answer.
 */
export type GenerateDone = {
  type: 'done';
  finishReason: 'stop' | 'length' | 'cancelled';
  promptIds: number[];
  completionIds: number[];
  usage: { promptTokens: number; completionTokens: number };
  timings: GenerateTimings;
};

/** queued: until a slot was free and the adapter loaded; prefill: the prompt, until the first token; decode: the rest. */
export type GenerateTimings = { queuedMs: number; prefillMs: number; decodeMs: number };

/** One event a completion id, in order; the texts concatenate to the answer. `logprob` is the model's, at temperature 1. */
export type GenerateToken = { type: 'token'; tokenId: number; text: string; logprob: number };

export type GenerateEvent = GenerateToken | GenerateDone;
