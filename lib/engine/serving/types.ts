import type { LinearModule } from '../nn/weights.ts';
import type { ChatMessage } from '../tokenizer/chat.ts';

/**
 * What serves one base model and any number of its adapters. `GenerationEngine` does it on this machine's CPU; a backend
 * in front of a fleet of GPU servers has the same face, so that callers need not know which one they talk to.
 */
export interface ServingBackend {
  /** Prompt and answer together. */
  readonly contextTokens: number;
  /**
   * Streams an answer: one `token` event a token, then one `done`. Leaving the loop early, or `signal`, cancels it.
   *
   * @throws GenerateRequestError, QueueFullError (with `retryAfterSeconds`) at once; PromptTooLongError,
   * AdapterMismatchError, AdapterBaseError, AdapterFormatError before the first token; EngineStoppedError when it closes meanwhile
   */
  generate(request: GenerateRequest): AsyncGenerator<GenerateEvent, void, undefined>;
  /** Every adapter that was asked for since the start: in memory (hot) or on disk alone (warm). */
  adapters(): Promise<readonly AdapterState[]>;
  /** Counters since the start and gauges of this moment; what a Prometheus page is rendered from. */
  metrics(): Promise<EngineMetrics>;
  /** Loads an adapter into memory ahead of its first request; `pin` keeps it there until `unload`. Throws as generate. */
  prewarm(adapter: AdapterRef, options?: { pin?: boolean }): Promise<void>;
  /** Drops an adapter from memory, pinned or not. False if it was not there, or a running answer uses it. */
  unload(adapterId: string): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Names an adapter and where its files lie. `dir` must hold a PEFT adapter whose files never change: id and folder
 * together are the cache key.
 */
export type AdapterRef = {
  id: string;
  dir: string;
  /** Hash of the base that the adapter was trained on (`BaseModel.sha256`). Given, an engine with another base refuses it. */
  baseSha256?: string;
};

export type GenerateRequest = {
  /** Left out: the bare base model. */
  adapter?: AdapterRef;
  /** The conversation, put into the model's chat template. Empty when `promptIds` is given. */
  messages: readonly ChatMessage[];
  /** A prompt that is already tokens, in place of `messages`: for plain completions, where no template applies. */
  promptIds?: readonly number[];
  /** Upper bound of the answer; the context may end it earlier. */
  maxTokens: number;
  /** Whose request it is: callers take turns in the queue, so that no one's thousand requests delay another's one. */
  caller?: string;
  /** Higher goes first, -10 to 10; callers take turns among equals. Default 0. */
  priority?: number;
  signal?: AbortSignal;
} & SamplingFields;

/** How tokens are chosen. All but temperature and topP may be left out, which turns them off. */
export type SamplingFields = {
  /** 0 is greedy; at most 2. */
  temperature: number;
  /** In (0, 1]; only used when temperature > 0. */
  topP: number;
  /** The k most probable tokens alone; 0 is all. Only used when temperature > 0. */
  topK?: number;
  /** Hugging Face's: logits of tokens in prompt and answer are divided (if negative, multiplied) by it. 1 is off. */
  repetitionPenalty?: number;
  /** OpenAI's, -2 to 2: subtracted once from the logit of every token that the answer has already. */
  presencePenalty?: number;
  /** OpenAI's, -2 to 2: subtracted for each time that the answer has the token. */
  frequencyPenalty?: number;
  /** Makes sampling repeatable, whoever shares the batch. Left out: drawn anew. */
  seed?: number;
  /** The answer ends before the first of these strings. */
  stop?: readonly string[];
  /** How many of the most probable tokens are told with each token; 0 to 20, default 0. */
  topLogprobs?: number;
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
  /** Of a fleet's answer: `text` where its server told no ids, so that they are a spelling of the text, perhaps not its own. */
  idsFrom?: 'server' | 'text';
  usage: { promptTokens: number; completionTokens: number };
  timings: GenerateTimings;
};

/** queued: until a slot was free and the adapter loaded; prefill: the prompt, until the first token; decode: the rest. */
export type GenerateTimings = { queuedMs: number; prefillMs: number; decodeMs: number };

/** A token with the model's own log probability: natural logarithm, temperature 1, before penalties. */
export type TokenLogprob = { tokenId: number; text: string; logprob: number };

/** One event a completion id, in order; the texts concatenate to the answer, stop strings withheld. */
export type GenerateToken = {
  type: 'token';
  tokenId: number;
  text: string;
  logprob: number;
  /** The most probable tokens, best first; set when `topLogprobs` asks for them. */
  topLogprobs?: readonly TokenLogprob[];
};

export type GenerateEvent = GenerateToken | GenerateDone;

/**
 * hot: in memory, at most one copy away from use; warm: on this machine's disk, loaded in milliseconds; cold: in the
 * object store alone. An engine reports hot and warm ones; which adapters exist beyond those, only its caller knows.
 */
export type AdapterTier = 'hot' | 'warm' | 'cold';

export type AdapterState = {
  id: string;
  tier: AdapterTier;
  /** Sequences that use it at this moment. */
  users: number;
  isPinned: boolean;
  /** 0 until it was loaded once. */
  rank: number;
  targetModules: readonly LinearModule[];
  /** In memory when hot. */
  sizeBytes: number;
  /** Requests that found it in memory, and those that had to load it. */
  hits: number;
  misses: number;
  /** Of the last load; null before it. */
  loadMs: number | null;
  lastUsedAtMs: number;
};

/** Cumulative histogram in Prometheus' sense: `counts[i]` values were <= `bounds[i]`; `count` is the +Inf bucket. */
export type Histogram = { bounds: readonly number[]; counts: readonly number[]; sum: number; count: number };

export type EngineMetrics = {
  /** Sequences that may decode together, and those that do; requests that wait for a slot or an adapter. */
  slots: number;
  running: number;
  queued: number;
  /** Callers with waiting requests. */
  queuedCallers: number;
  /** Answers by how they ended; failed: by an error; rejected: the queue was full. */
  requestsTotal: Readonly<Record<GenerateDone['finishReason'] | 'failed' | 'rejected', number>>;
  promptTokensTotal: number;
  completionTokensTotal: number;
  /** Decoding steps, and the rows in all of them: rows / steps is the mean batch occupancy. */
  decodeStepsTotal: number;
  decodeRowsTotal: number;
  prefillChunksTotal: number;
  decodeSecondsTotal: number;
  prefillSecondsTotal: number;
  /** From submission to the first token; until a slot was free; of one decoding step; of one adapter load. All ms. */
  timeToFirstTokenMs: Histogram;
  queuedMs: Histogram;
  decodeStepMs: Histogram;
  adapterLoadMs: Histogram;
  adapters: {
    /** In memory. */
    hot: number;
    hotBytes: number;
    hitsTotal: number;
    missesTotal: number;
    evictionsTotal: number;
  };
  memory: {
    /** Base weights as the runtime holds them. */
    weightsBytes: number;
    /** Keys and values: a cached token's, and what is reserved for all slots now. */
    cacheBytesPerToken: number;
    cacheBytes: number;
    /** Places for the adapters of running sequences. */
    adapterSlotBytes: number;
  };
};
