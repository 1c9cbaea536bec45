import type { StreamDecoder } from '../../tokenizer/stream-decoder.ts';
import { StopFilter } from '../stop-filter.ts';
import type { GenerateDone, GenerateToken } from '../types.ts';
import { type CompletionChunk, readTokens } from './completion-chunk.ts';
import { ReplicaError } from './errors.ts';

/** What we need of the base's tokenizer. */
export type FleetTokenizer = {
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
  streamDecoder(): Pick<StreamDecoder, 'push' | 'flush'>;
};

/**
 * Turns the chunks of one streamed completion into token events, and remembers what its end has to tell. A chunk may hold
 * several tokens and its text belongs to all of them: the last one carries it.
 */
export class AnswerStream {
  completionIds: number[] = [];
  finishReason: GenerateDone['finishReason'] | null = null;
  /** Some ids are ours, spelt from the text, because the server told none. */
  isRetokenized = false;
  private readonly tokenizer: FleetTokenizer;
  private readonly topLogprobs: number;
  private readonly filter: StopFilter;
  /** As the server sent it, before our stop filter. */
  private raw = '';
  /** Text of a chunk without tokens; the next token carries it. */
  private waiting = '';

  constructor(tokenizer: FleetTokenizer, options: { stop: readonly string[]; topLogprobs: number }) {
    this.tokenizer = tokenizer;
    this.topLogprobs = options.topLogprobs;
    this.filter = new StopFilter(options.stop);
  }

  /** Events of one chunk. @throws ReplicaError if the answer ended in a way that we do not know, e.g. `abort` */
  push(chunk: CompletionChunk): GenerateToken[] {
    const choice = chunk.choices?.[0];
    if (!choice || this.finishReason) return [];
    const { tokens, isRetokenized } = readTokens(choice, (text) => this.tokenizer.encode(text));
    this.isRetokenized ||= isRetokenized;
    this.raw += choice.text ?? '';
    const filtered = this.filter.push(choice.text ?? '');
    const reason = filtered.isStopped ? 'stop' : (choice.finish_reason ?? null);
    if (reason !== null && reason !== 'stop' && reason !== 'length') {
      throw new ReplicaError('failed', `a server ended its answer with ${reason}`);
    }
    this.finishReason = reason;
    const text = this.waiting + filtered.text + (reason && !filtered.isStopped ? this.filter.flush() : '');
    this.waiting = tokens.length > 0 ? '' : text;
    const events = tokens.map((token, i): GenerateToken => {
      this.completionIds.push(token.id);
      const isLast = i === tokens.length - 1;
      return {
        type: 'token',
        tokenId: token.id,
        text: isLast ? text : '',
        logprob: token.logprob,
        ...(this.topLogprobs > 0 ? { topLogprobs: this.best(token.top) } : {}),
      };
    });
    return events.length === 0 && reason !== null && text !== '' ? [this.late(text)] : events;
  }

  /**
   * Checks ids that we spelt from chunks of text. Some vocabularies begin each text with a space, so that the pieces do
   * not join to the whole: then the whole is spelt anew. @throws ReplicaError if our tokenizer cannot spell the text
   */
  settleIds(): void {
    if (!this.isRetokenized || this.tokenizer.decode(this.completionIds) === this.raw) return;
    this.completionIds = this.tokenizer.encode(this.raw);
    if (this.tokenizer.decode(this.completionIds) === this.raw) return;
    throw new ReplicaError('failed', 'a server told no token ids, and its text is none of our tokenizer');
  }

  /** Text that came after its last token: said with that token's id once more, not counted again. */
  private late(text: string): GenerateToken {
    this.waiting = '';
    return { type: 'token', tokenId: this.completionIds.at(-1) ?? 0, text, logprob: Number.NaN };
  }

  /** Servers add the chosen token to the top ones where it is not among them. */
  private best(top: readonly { id: number; logprob: number }[]): GenerateToken['topLogprobs'] {
    return top
      .toSorted((a, b) => b.logprob - a.logprob)
      .slice(0, this.topLogprobs)
      .map(({ id, logprob }) => ({ tokenId: id, text: this.tokenizer.decode([id]), logprob }));
  }
}
