import type { StreamDecoder } from '../tokenizer/stream-decoder.ts';
import type { PreparedAdapter } from './adapter-slots.ts';
import { type SamplingOptions, sampleToken } from './sampling.ts';
import { StopFilter } from './stop-filter.ts';
import type { AdapterRef, GenerateDone, GenerateEvent } from './types.ts';

export type SequenceOptions = SamplingOptions & {
  id: number;
  promptIds: number[];
  adapterRef: AdapterRef | null;
  adapter: PreparedAdapter | null;
  maxTokens: number;
  stop: readonly string[];
  stopIds: readonly number[];
  random: () => number;
  decoder: StreamDecoder;
  submittedAtMs: number;
  emit: (event: GenerateEvent) => void;
  fail: (error: unknown) => void;
};

/** One answer in the making: from logits to token events. Knows nothing of slots and batches. */
export class Sequence {
  readonly options: SequenceOptions;
  readonly completionIds: number[] = [];
  /** Set when the answer is over; the scheduler then frees the slot. */
  finishReason: GenerateDone['finishReason'] | null = null;
  private readonly filter: StopFilter;
  private admittedAtMs: number | null = null;
  private firstTokenAtMs: number | null = null;

  constructor(options: SequenceOptions) {
    this.options = options;
    this.filter = new StopFilter(options.stop);
  }

  /** The token to feed next and its position; the last of the completion, which is not in the cache yet. */
  get next(): { id: number; position: number } {
    return { id: this.completionIds.at(-1)!, position: this.options.promptIds.length + this.completionIds.length - 1 };
  }

  markAdmitted(nowMs: number): void {
    this.admittedAtMs = nowMs;
  }

  /** Chooses the next token from `logits` [V], emits it, and decides whether it was the last. */
  accept(logits: Float32Array, nowMs: number): void {
    const { stopIds, maxTokens, decoder, emit } = this.options;
    this.firstTokenAtMs ??= nowMs;
    const { id, logprob } = sampleToken(logits, this.options, this.options.random);
    this.completionIds.push(id);
    const { text, isStopped } = this.filter.push(decoder.push(id));
    if (isStopped || stopIds.includes(id)) this.finishReason = 'stop';
    else if (this.completionIds.length >= maxTokens) this.finishReason = 'length';
    const rest = this.finishReason && !isStopped ? this.flush() : '';
    emit({ type: 'token', tokenId: id, text: text + rest, logprob });
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
      promptIds,
      completionIds,
      usage: { promptTokens: promptIds.length, completionTokens: completionIds.length },
      timings: { queuedMs: admitted - submittedAtMs, prefillMs: first - admitted, decodeMs: nowMs - first },
    });
  }

  /** What decoder and filter held back. The tail of a character may complete a stop string, so it is filtered too. */
  private flush(): string {
    const { text, isStopped } = this.filter.push(this.options.decoder.flush());
    return isStopped ? text : text + this.filter.flush();
  }
}
