import { readAdapter } from '../io/peft.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { type PreparedAdapter, prepareAdapter } from './adapter-slots.ts';
import type { AdapterRef } from './types.ts';

/** hot: in a slot of a running sequence; warm: in memory, one copy away from use. All others are cold. */
export type CachedAdapter = { id: string; state: 'hot' | 'warm'; sizeBytes: number; lastUsedAtMs: number };

type Entry = { id: string; adapter: Promise<PreparedAdapter>; sizeBytes: number; lastUsedAtMs: number; users: number };

/** Adapters in memory, least recently used ones dropped first; those in use are never dropped. */
export class AdapterCache {
  private readonly entries = new Map<string, Entry>();
  private readonly config: LlamaConfig;
  private readonly bytesMax: number;

  constructor(config: LlamaConfig, bytesMax: number) {
    this.config = config;
    this.bytesMax = bytesMax;
  }

  /** Loads or finds an adapter and pins it until `release`. Requests for one that is being loaded share the load. */
  async acquire(ref: AdapterRef, nowMs: number): Promise<PreparedAdapter> {
    const key = keyOf(ref);
    let entry = this.entries.get(key);
    if (!entry) {
      entry = { id: ref.id, adapter: this.load(ref), sizeBytes: 0, lastUsedAtMs: nowMs, users: 0 };
      this.entries.set(key, entry);
    }
    entry.users++;
    entry.lastUsedAtMs = nowMs;
    try {
      const adapter = await entry.adapter;
      entry.sizeBytes = adapter.sizeBytes;
      this.evict();
      return adapter;
    } catch (error) {
      if (this.entries.get(key) === entry) this.entries.delete(key);
      throw error;
    }
  }

  release(ref: AdapterRef, nowMs: number): void {
    const entry = this.entries.get(keyOf(ref));
    if (!entry) return;
    entry.users--;
    entry.lastUsedAtMs = nowMs;
    this.evict();
  }

  states(): CachedAdapter[] {
    return [...this.entries.values()].map(({ id, users, sizeBytes, lastUsedAtMs }) => ({
      id,
      state: users > 0 ? 'hot' : 'warm',
      sizeBytes,
      lastUsedAtMs,
    }));
  }

  private async load({ dir }: AdapterRef): Promise<PreparedAdapter> {
    const { layout, theta } = await readAdapter(dir, this.config);
    return prepareAdapter(layout, theta);
  }

  private evict(): void {
    let total = [...this.entries.values()].reduce((sum, entry) => sum + entry.sizeBytes, 0);
    const idle = [...this.entries].filter(([, entry]) => entry.users === 0);
    idle.sort(([, a], [, b]) => a.lastUsedAtMs - b.lastUsedAtMs);
    for (const [key, entry] of idle) {
      if (total <= this.bytesMax) return;
      this.entries.delete(key);
      total -= entry.sizeBytes;
    }
  }
}

const keyOf = ({ id, dir }: AdapterRef): string => `${id}\n${dir}`;
