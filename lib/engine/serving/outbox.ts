import type { ErrorMessage } from './errors.ts';
import type { GenerateEvent } from './types.ts';

export type StreamItem = { id: number; event: GenerateEvent } | { id: number; error: ErrorMessage };

/** Nobody reads faster than this, and for a small model a message costs more than a token. */
const patienceMs = 20;

/**
 * Collects what streams bring and posts it together. First tokens, last events and errors go at once; the tokens between
 * wait up to 20 ms for company.
 */
export class Outbox {
  private readonly post: (items: StreamItem[]) => void;
  private readonly now: () => number;
  private readonly begun = new Set<number>();
  private items: StreamItem[] = [];
  private isUrgent = false;
  private postedAtMs = 0;

  constructor(post: (items: StreamItem[]) => void, now: () => number) {
    this.post = post;
    this.now = now;
  }

  add(item: StreamItem): void {
    this.items.push(item);
    const isOver = 'error' in item || item.event.type === 'done';
    if (isOver || !this.begun.has(item.id)) this.isUrgent = true;
    if (isOver) this.begun.delete(item.id);
    else this.begun.add(item.id);
  }

  /** Called after every turn. Posts if anything is due. */
  flush(): void {
    if (this.items.length === 0 || (!this.isUrgent && this.now() - this.postedAtMs < patienceMs)) return;
    this.post(this.items);
    this.items = [];
    this.isUrgent = false;
    this.postedAtMs = this.now();
  }
}
