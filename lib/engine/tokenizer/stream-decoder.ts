type Source = {
  /** Bytes of a token, for byte-level vocabularies; null if the vocabulary has no bytes. */
  bytesOf: ((id: number) => Uint8Array) | null;
  decode: (ids: readonly number[]) => string;
};

/**
 * Turns ids that arrive one at a time into text without ever cutting a character in two: bytes of an unfinished
 * character are held back until it is complete or `flush` says that no more will come.
 */
export class StreamDecoder {
  private readonly source: Source;
  private readonly utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  private readonly ids: number[] = [];
  private emittedFrom = 0;
  private emittedTo = 0;

  constructor(source: Source) {
    this.source = source;
  }

  /** Text that became certain with this token; often whole words, possibly ''. */
  push(id: number): string {
    if (this.source.bytesOf) return this.utf8.decode(this.source.bytesOf(id), { stream: true });
    this.ids.push(id);
    return this.difference(false);
  }

  /** What was held back; an unfinished character becomes U+FFFD. */
  flush(): string {
    return this.source.bytesOf ? this.utf8.decode() : this.difference(true);
  }

  /**
   * For other vocabularies: the new text is what a window of ids decodes to beyond its already emitted head. The head
   * stays in the window because decoders treat the first token of a text differently.
   */
  private difference(isLast: boolean): string {
    const before = this.source.decode(this.ids.slice(this.emittedFrom, this.emittedTo));
    const now = this.source.decode(this.ids.slice(this.emittedFrom));
    if (!isLast && now.endsWith('\uFFFD')) return '';
    this.emittedFrom = this.emittedTo;
    this.emittedTo = this.ids.length;
    return now.slice(before.length);
  }
}
