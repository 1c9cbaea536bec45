import type { GenerateEvent } from './types.ts';

/** Events that wait for their one reader. */
export class EventQueue {
  private readonly events: GenerateEvent[] = [];
  private error: Error | null = null;
  private wake: () => void = () => {};

  push(event: GenerateEvent): void {
    this.events.push(event);
    this.wake();
  }

  /** After the events before it, `next` throws. */
  fail(error: Error): void {
    this.error ??= error;
    this.wake();
  }

  async next(): Promise<GenerateEvent> {
    for (;;) {
      const event = this.events.shift();
      if (event) return event;
      if (this.error) throw this.error;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
