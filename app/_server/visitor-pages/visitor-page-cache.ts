import type { KeptPage } from './kept-page.ts';

/** Within this time a page is sent as it was made; a write through this server ends it at once. */
const freshMs = 3_000;
/** Until then a page is still sent while one request makes it anew. */
const usableMs = 10_000;
const bytesMax = 64 * 2 ** 20;

type Entry = { page: KeptPage; madeAtMs: number; renewing: boolean };

/** Pages for visitors, the least recently used first. Kept in the memory of one web process; another has its own. */
export class VisitorPageCache {
  hits = 0;
  misses = 0;
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;
  private generation = 0;
  private readonly nowMs: () => number;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** The page to send, or null: then the caller makes it, and `put`s it with the generation that it read before. */
  take(key: string): KeptPage | null {
    const entry = this.entries.get(key);
    const ageMs = entry ? this.nowMs() - entry.madeAtMs : Number.POSITIVE_INFINITY;
    const isUsable = entry && (ageMs < freshMs || (entry.renewing && ageMs < usableMs));
    if (!isUsable) {
      if (entry) entry.renewing = true;
      this.misses++;
      return null;
    }
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.hits++;
    return entry.page;
  }

  /** Number of the writes so far; what was read before a write must not be kept after it. */
  get writes(): number {
    return this.generation;
  }

  put(key: string, page: KeptPage, writes: number): void {
    if (writes !== this.generation) return;
    this.remove(key);
    this.entries.set(key, { page, madeAtMs: this.nowMs(), renewing: false });
    this.bytes += page.bytes;
    for (const oldest of this.entries.keys()) {
      if (this.bytes <= bytesMax) break;
      this.remove(oldest);
    }
  }

  /** Forgets every page: something was written. */
  clear(): void {
    this.generation++;
    this.entries.clear();
    this.bytes = 0;
  }

  private remove(key: string): void {
    this.bytes -= this.entries.get(key)?.page.bytes ?? 0;
    this.entries.delete(key);
  }
}
