/**
 * Lets text through until one of the stop strings appears. The stop string and all after it are withheld, as in OpenAI's
 * API; so is, for the moment, any tail that may turn out to be the start of one.
 */
export class StopFilter {
  private readonly stops: readonly string[];
  private held = '';

  constructor(stops: readonly string[] = []) {
    this.stops = stops.filter((stop) => stop !== '');
  }

  push(text: string): { text: string; isStopped: boolean } {
    this.held += text;
    const at = Math.min(...this.stops.map((stop) => this.held.indexOf(stop)).filter((index) => index >= 0));
    if (Number.isFinite(at)) return { text: this.release(at), isStopped: true };
    return { text: this.release(this.held.length - this.partialLength()), isStopped: false };
  }

  /** What was held back, once it is known that no more text comes. */
  flush(): string {
    return this.release(this.held.length);
  }

  private release(length: number): string {
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    return text;
  }

  /** Length of the longest tail that is a proper start of a stop string. */
  private partialLength(): number {
    let longest = 0;
    for (const stop of this.stops) {
      for (let length = Math.min(stop.length - 1, this.held.length); length > longest; length--) {
        if (this.held.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
