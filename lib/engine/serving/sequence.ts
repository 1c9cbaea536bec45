import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { PreparedAdapter } from './adapter-slots.ts';
import type { Prediction } from './batch-runner.ts';
import type { QueuedItem } from './fair-queue.ts';
import { mostProbable, type SamplingOptions, type SeenTokens, sampleToken } from './sampling.ts';
import { StopFilter } from './stop-filter.ts';
import type { AdapterRef, GenerateDone, GenerateEvent } from './types.ts';

export type SequenceOptions = SamplingOptions &
  QueuedItem & {
    id: number;
    promptIds: readonly number[];
    adapterRef: AdapterRef | null;
    maxTokens: number;
    stop: readonly string[];
    stopIds: readonly number[];
    topLogprobs: number;
    random: () => number;
    tokenizer: Tokenizer;
    submittedAtMs: number;
    emit: (event: GenerateEvent) => void;
    fail: (error: unknown) => void;
  };

/** One answer in the making: from predictions to token events. Knows nothing of slots and batches. */
export class Sequence implements QueuedItem {
  readonly options: SequenceOptions;
  readonly completionIds: number[] = [];
  /** Set when the adapter is in memory; stays null for the bare base. */
  adapter: PreparedAdapter | null = null;
  /** Set when the answer is over; the scheduler then frees the slot. */
  finishReason: GenerateDone['finishReason'] | null = null;
  admittedAtMs: number | null = null;
  firstTokenAtMs: number | null = null;
  private readonly filter: StopFilter;
  private readonly decoder: ReturnType<Tokenizer['streamDecoder']>;
  private readonly seen: SeenTokens & { answer: Map<number, number> };

  constructor(options: SequenceOptions) {
    this.options = options;
    this.filter = new StopFilter(options.stop);
    this.decoder = options.tokenizer.streamDecoder();
    this.seen = { prompt: new Set(options.repetitionPenalty === 1 ? [] : options.promptIds), answer: new Map() };
  }

  get caller(): string {
    return this.options.caller;
  }

  get priority(): number {
    return this.options.priority;
  }

  /** The token to feed next and its position: the last of the completion, which is not in the cache yet. */
  get next(): { id: number; position: number } {
    return { id: this.completionIds.at(-1)!, position: this.options.promptIds.length + this.completionIds.length - 1 };
  }

  /** Chooses the next token, emits it, and decides whether it was the last. */
  accept(prediction: Prediction, nowMs: number): void {
    const { stopIds, maxTokens, emit, topLogprobs } = this.options;
    this.firstTokenAtMs ??= nowMs;
    const { id, logprob } = sampleToken(prediction, this.options, this.seen, this.options.random);
    this.completionIds.push(id);
    this.seen.answer.set(id, (this.seen.answer.get(id) ?? 0) + 1);
    const { text, isStopped } = this.filter.push(this.decoder.push(id));
    if (isStopped || stopIds.includes(id)) this.finishReason = 'stop';
    else if (this.completionIds.length >= maxTokens) this.finishReason = 'length';
    const rest = this.finishReason && !isStopped ? this.flush() : '';
    const top = topLogprobs > 0 ? { topLogprobs: this.spell(mostProbable(prediction, topLogprobs)) } : {};
    emit({ type: 'token', tokenId: id, text: text + rest, logprob, ...top });
  }

  /** Emits the last event. */
  finish(nowMs: number): void {
    const { promptIds, submittedAtMs, emit } = this.options;
    const { completionIds } = this;
    const admitted = this.admittedAtMs ?? nowMs;
    const first = this.firstTokenAtMs ?? nowMs;
    emit({
      type: 'done',
      finishReason: this.finishReason ?? 'cancelled',
      promptIds: [...promptIds],
      completionIds,
      usage: { promptTokens: promptIds.length, completionTokens: completionIds.length },
      timings: { queuedMs: admitted - submittedAtMs, prefillMs: first - admitted, decodeMs: nowMs - first },
    });
  }

  /** What decoder and filter held back. The tail of a character may complete a stop string, so it is filtered too. */
  private flush(): string {
    const { text, isStopped } = this.filter.push(this.decoder.flush());
    return isStopped ? text : text + this.filter.flush();
  }

  private spell(tokens: ReturnType<typeof mostProbable>): { tokenId: number; text: string; logprob: number }[] {
    return tokens.map(({ id, logprob }) => ({ tokenId: id, text: this.options.tokenizer.decode([id]), logprob }));
  }
}
