export type QueuedItem = { caller: string; priority: number };

/**
 * Waiting requests, in an order that is fair to callers: of the highest priority that waits, the caller with the fewest
 * requests in service goes first, and among equals the one that was served longest ago. A caller's own requests keep
 * their order. A thousand requests of one caller therefore delay another caller's single one by at most one answer.
 */
export class FairQueue<T extends QueuedItem> {
  /** By caller, in the order of their last turn; a caller without waiting requests keeps its place while it is served. */
  private readonly lanes = new Map<string, T[]>();
  private readonly served = new Map<string, number>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** Callers with waiting requests. */
  get callers(): number {
    return [...this.lanes.values()].filter((lane) => lane.length > 0).length;
  }

  push(item: T): void {
    const lane = this.lanes.get(item.caller) ?? [];
    this.lanes.set(item.caller, lane);
    lane.push(item);
    this.count++;
  }

  /** Takes the next request into service; its caller counts as busy until `done`. */
  shift(): T | undefined {
    const waiting = [...this.lanes].filter(([, lane]) => lane.length > 0);
    const priority = Math.max(...waiting.flatMap(([, lane]) => lane.map((item) => item.priority)));
    const able = waiting.filter(([, lane]) => lane.some((item) => item.priority === priority));
    // The map's order is that of the last turns, so the first of the least busy is the one to serve.
    const fewest = Math.min(...able.map(([caller]) => this.served.get(caller) ?? 0));
    const next = able.find(([caller]) => (this.served.get(caller) ?? 0) === fewest);
    if (!next) return undefined;
    const [caller, lane] = next;
    const [item] = lane.splice(
      lane.findIndex((waiting) => waiting.priority === priority),
      1,
    );
    this.count--;
    this.served.set(caller, fewest + 1);
    this.lanes.delete(caller);
    this.lanes.set(caller, lane);
    return item;
  }

  /** A request that `shift` gave is over. */
  done({ caller }: QueuedItem): void {
    const busy = (this.served.get(caller) ?? 1) - 1;
    if (busy > 0) this.served.set(caller, busy);
    else this.served.delete(caller);
    if (busy <= 0 && this.lanes.get(caller)?.length === 0) this.lanes.delete(caller);
  }

  /** Takes waiting requests out that need no service any more. */
  removeIf(isOver: (item: T) => boolean): T[] {
    const removed: T[] = [];
    for (const [caller, lane] of this.lanes) {
      const over = lane.filter(isOver);
      if (over.length === 0) continue;
      removed.push(...over);
      const rest = lane.filter((item) => !over.includes(item));
      if (rest.length > 0 || this.served.has(caller)) this.lanes.set(caller, rest);
      else this.lanes.delete(caller);
    }
    this.count -= removed.length;
    return removed;
  }
}
