import type { AttributionIndex } from './attribution-index.ts';
import { readIndex } from './read-index.ts';

/** The indexes used last, by path, within so many bytes; the one in use may be larger than that. */
export class IndexCache {
  private readonly indexes = new Map<string, Promise<AttributionIndex>>();
  private readonly bytes = new Map<string, number>();
  private readonly bytesMax: number;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** @throws AttributionIndexError; a file that failed is read again the next time */
  async get(path: string): Promise<AttributionIndex> {
    const index = this.indexes.get(path) ?? readIndex(path);
    this.indexes.delete(path);
    this.indexes.set(path, index);
    try {
      const { shards, directions } = await index;
      const own = [...shards.map(({ memory }) => memory.buffer), ...(directions ?? []).map(({ levels }) => levels)];
      this.bytes.set(
        path,
        own.reduce((sum, { byteLength }) => sum + byteLength, 0),
      );
    } catch (error) {
      this.forget(path);
      throw error;
    }
    this.evict(path);
    return index;
  }

  forget(path: string): void {
    this.indexes.delete(path);
    this.bytes.delete(path);
  }

  private evict(kept: string): void {
    let total = [...this.bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    for (const path of this.indexes.keys()) {
      if (total <= this.bytesMax) return;
      if (path === kept) continue;
      total -= this.bytes.get(path) ?? 0;
      this.forget(path);
    }
  }
}
