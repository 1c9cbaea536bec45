import type { PreparedAdapter } from './adapter-slots.ts';
import { HistogramCounter } from './histogram.ts';
import type { AdapterRef, AdapterState, EngineMetrics, Histogram } from './types.ts';

/** Reads an adapter and prepares it for the slots. */
export type LoadAdapter = (ref: AdapterRef) => Promise<PreparedAdapter>;

type Entry = {
  id: string;
  /** Null: not in memory, known from before. */
  adapter: Promise<PreparedAdapter> | null;
  sizeBytes: number;
  rank: number;
  targetModules: PreparedAdapter['targetModules'];
  users: number;
  isPinned: boolean;
  hits: number;
  misses: number;
  loadMs: number | null;
  lastUsedAtMs: number;
};

/** Adapters whose counters are kept after they left memory. */
const rememberedMax = 50_000;

/**
 * Adapters in memory, bounded by their bytes; the least recently used one leaves first, those in use or pinned never.
 * What left is remembered with its counters, and comes back with one load from disk.
 */
export class AdapterCache {
  /** In order of last use. */
  private readonly entries = new Map<string, Entry>();
  private readonly load: LoadAdapter;
  private readonly bytesMax: number;
  private readonly now: () => number;
  private readonly loadMs = new HistogramCounter();
  private hotBytes = 0;
  private readonly total = { hits: 0, misses: 0, evictions: 0 };

  constructor(load: LoadAdapter, bytesMax: number, now: () => number) {
    this.load = load;
    this.bytesMax = bytesMax;
    this.now = now;
  }

  /** Loads or finds an adapter and holds it until `release`. Requests for one that is being loaded share the load. */
  async acquire(ref: AdapterRef): Promise<PreparedAdapter> {
    const entry = this.touch(ref);
    if (entry.adapter) entry.hits++;
    else entry.misses++;
    this.total[entry.adapter ? 'hits' : 'misses']++;
    entry.users++;
    entry.adapter ??= this.loadInto(entry, ref);
    const { adapter } = entry;
    try {
      return await adapter;
    } catch (error) {
      entry.users--;
      // Unless someone is loading it once more by now.
      if (entry.adapter === adapter) entry.adapter = null;
      if (entry.users === 0 && entry.loadMs === null) this.entries.delete(keyOf(ref));
      throw error;
    }
  }

  release(ref: AdapterRef): void {
    const entry = this.touch(ref);
    entry.users--;
    this.evict();
  }

  /** Loads ahead of use. `pin` keeps the adapter until `unload`. */
  async prewarm(ref: AdapterRef, pin: boolean): Promise<PreparedAdapter> {
    const adapter = await this.acquire(ref);
    if (pin) this.touch(ref).isPinned = true;
    this.release(ref);
    return adapter;
  }

  /** Drops an adapter, pinned or not. False if it is not in memory or in use. */
  unload(id: string): boolean {
    const held = [...this.entries.values()].filter((entry) => entry.id === id && entry.adapter);
    if (held.length === 0 || held.some((entry) => entry.users > 0)) return false;
    for (const entry of held) {
      entry.isPinned = false;
      this.drop(entry);
    }
    return true;
  }

  states(): AdapterState[] {
    return [...this.entries.values()].map(({ adapter, ...entry }) => ({ ...entry, tier: adapter ? 'hot' : 'warm' }));
  }

  counters(): { adapters: EngineMetrics['adapters']; adapterLoadMs: Histogram } {
    const { hits: hitsTotal, misses: missesTotal, evictions: evictionsTotal } = this.total;
    const hot = [...this.entries.values()].filter(({ adapter }) => adapter).length;
    const adapters = { hot, hotBytes: this.hotBytes, hitsTotal, missesTotal, evictionsTotal };
    return { adapters, adapterLoadMs: this.loadMs.snapshot() };
  }

  private async loadInto(entry: Entry, ref: AdapterRef): Promise<PreparedAdapter> {
    const startedAtMs = this.now();
    const adapter = await this.load(ref);
    entry.loadMs = this.now() - startedAtMs;
    this.loadMs.observe(entry.loadMs);
    Object.assign(entry, { rank: adapter.rank, targetModules: adapter.targetModules, sizeBytes: adapter.sizeBytes });
    this.hotBytes += adapter.sizeBytes;
    this.evict();
    return adapter;
  }

  /** The adapter's entry, moved to the end as the one used last. */
  private touch(ref: AdapterRef): Entry {
    const key = keyOf(ref);
    const entry = this.entries.get(key) ?? newEntry(ref.id);
    this.entries.delete(key);
    this.entries.set(key, entry);
    entry.lastUsedAtMs = this.now();
    return entry;
  }

  private evict(): void {
    if (this.hotBytes <= this.bytesMax && this.entries.size <= rememberedMax) return;
    for (const [key, entry] of this.entries) {
      if (entry.users > 0 || entry.isPinned) continue;
      if (entry.adapter && this.hotBytes > this.bytesMax) {
        this.drop(entry);
        this.total.evictions++;
      }
      if (!entry.adapter && this.entries.size > rememberedMax) this.entries.delete(key);
      if (this.hotBytes <= this.bytesMax && this.entries.size <= rememberedMax) return;
    }
  }

  private drop(entry: Entry): void {
    entry.adapter = null;
    this.hotBytes -= entry.sizeBytes;
    entry.sizeBytes = 0;
  }
}

function newEntry(id: string): Entry {
  const counters = { sizeBytes: 0, rank: 0, users: 0, hits: 0, misses: 0, lastUsedAtMs: 0 };
  return { id, adapter: null, targetModules: [], isPinned: false, loadMs: null, ...counters };
}

const keyOf = ({ id, dir }: AdapterRef): string => `${id}\n${dir}`;
