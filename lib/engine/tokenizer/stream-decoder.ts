type Source = {
  bytesOf: (id: number) => Uint8Array;
  /** Whether a space before the first word belongs to the spelling and not to the text. */
  stripsLeadingSpace: boolean;
};

/**
 * Turns ids that arrive one at a time into text without ever cutting a character in two: bytes of an unfinished
 * character are held back until it is complete or `flush` says that no more will come.
 */
export class StreamDecoder {
  private readonly source: Source;
  private readonly utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  private isAtStart: boolean;

  constructor(source: Source) {
    this.source = source;
    this.isAtStart = source.stripsLeadingSpace;
  }

  /** Text that became certain with this token; often whole words, possibly ''. */
  push(id: number): string {
    return this.strip(this.utf8.decode(this.source.bytesOf(id), { stream: true }));
  }

  /** What was held back; an unfinished character becomes U+FFFD. */
  flush(): string {
    return this.strip(this.utf8.decode());
  }

  private strip(text: string): string {
    if (!this.isAtStart || text === '') return text;
    this.isAtStart = false;
    return text.startsWith(' ') ? text.slice(1) : text;
  }
}
