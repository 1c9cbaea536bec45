import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BaseError } from '#lib/kernel/base-error.ts';
import type { ObjectStore } from '#lib/platform/storage/object-store.ts';

/** An adapter's files in the object store are not those that were stored when it was trained. */
export class AdapterCorruptError extends BaseError {
  readonly code = 'adapter_corrupt';
  readonly category = 'internal';
  constructor(adapterId: string, file: string) {
    super('A stored file of this model is damaged, so it cannot answer. Nothing was charged; the operators are told.', {
      details: `${file} of ${adapterId} has another hash than its record`,
    });
  }
}

export type StoredAdapter = {
  id: string;
  /** Where its files lie in the object store. */
  prefix: string;
  /** SHA-256 as `0x` and hex by file name; files without one are not checked. */
  hashes: Readonly<Record<string, string>>;
  /** Without these it is no adapter. */
  required: readonly string[];
  /** Makes the files in an empty folder, in place of a download, where the store has the adapter in another form. */
  write?: (dir: string) => Promise<void>;
};
export type HeldAdapter = { dir: string; fetchMs: number | null; release(): void };
/** `sizes`: bytes by adapter id. */
export type AdapterDiskState = { sizes: ReadonlyMap<string, number>; sizeBytes: number; evictions: number };
type Entry = { ready: Promise<string>; sizeBytes: number; users: number; lastUse: number };

const temporarySuffix = '.tmp';

/**
 * Adapters of the object store on this machine's disk, at most `bytesMax` of them: the least recently used idle ones are
 * deleted. One instance owns its folder. Callers that want the same adapter share one download. A folder appears under its
 * name only when it is whole, and is checked against the recorded hashes once a process, also one from an earlier run.
 */
export class AdapterDiskCache {
  private readonly options: { root: string; store: ObjectStore; bytesMax: number; wants: (name: string) => boolean };
  private readonly entries = new Map<string, Entry>();
  /** Whole folders of an earlier run that nobody has asked for in this one: id to size, oldest use first. */
  private readonly leftovers = new Map<string, number>();
  private uses = 0;
  private evictions = 0;
  private opened: Promise<void> | null = null;

  constructor(options: AdapterDiskCache['options']) {
    this.options = options;
  }

  /** The adapter's folder, which stays until `release`. @throws AdapterCorruptError, ObjectNotFoundError */
  async acquire(adapter: StoredAdapter): Promise<HeldAdapter> {
    this.opened ??= this.takeOver();
    await this.opened;
    const begun = performance.now();
    let entry = this.entries.get(adapter.id);
    const isNew = !entry;
    if (!entry) {
      entry = { ready: this.provide(adapter), sizeBytes: 0, users: 0, lastUse: 0 };
      this.entries.set(adapter.id, entry);
    }
    const held = entry;
    held.users++;
    held.lastUse = ++this.uses;
    const release = () => {
      held.users--;
      void this.evict().catch(() => {}); // what could not be deleted is found at the next start
    };
    try {
      const dir = await held.ready;
      if (isNew) await this.settle(held, dir);
      return { dir, fetchMs: isNew ? performance.now() - begun : null, release };
    } catch (error) {
      if (this.entries.get(adapter.id) === held) this.entries.delete(adapter.id);
      throw error;
    }
  }

  /** Whole adapters on disk. */
  state(): AdapterDiskState {
    const fetched = [...this.entries].map(([id, { sizeBytes }]) => [id, sizeBytes] as const);
    const sizes = new Map([...this.leftovers, ...fetched.filter(([, sizeBytes]) => sizeBytes > 0)]);
    return { sizes, sizeBytes: [...sizes.values()].reduce((sum, size) => sum + size, 0), evictions: this.evictions };
  }

  /** Deletes what an earlier run left half done, and counts what it left whole, oldest use first. */
  private async takeOver(): Promise<void> {
    const { root } = this.options;
    await mkdir(root, { recursive: true });
    const found: { id: string; sizeBytes: number; usedAtMs: number }[] = [];
    for (const id of await readdir(root)) {
      const dir = join(root, id);
      if (id.endsWith(temporarySuffix)) await rm(dir, { recursive: true, force: true });
      else found.push({ id, sizeBytes: await sizeOf(dir), usedAtMs: (await stat(dir)).mtimeMs });
    }
    const byAge = found.toSorted((a, b) => a.usedAtMs - b.usedAtMs);
    for (const { id, sizeBytes } of byAge) this.leftovers.set(id, sizeBytes);
    await this.evict();
  }

  private async provide(adapter: StoredAdapter): Promise<string> {
    const dir = join(this.options.root, adapter.id);
    if (this.leftovers.delete(adapter.id)) {
      if (await isIntact(dir, adapter)) return dir;
      await this.remove(dir);
    }
    await this.download(adapter, dir);
    return dir;
  }

  private async download(adapter: StoredAdapter, dir: string): Promise<void> {
    const temporary = `${dir}.${randomUUID()}${temporarySuffix}`;
    await mkdir(temporary, { recursive: true });
    try {
      await (adapter.write?.(temporary) ?? this.copy(adapter, temporary));
      await rename(temporary, dir);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
  }

  private async copy({ id, prefix, hashes, required }: StoredAdapter, dir: string): Promise<void> {
    const { store, wants } = this.options;
    const names = (await store.list(prefix)).map((key) => key.slice(prefix.length + 1)).filter(wants);
    for (const name of new Set([...names, ...required])) {
      const { body } = await store.open(`${prefix}/${name}`);
      const digest = await writeDurably(join(dir, name), body);
      if (hashes[name] !== undefined && digest !== hashes[name]) throw new AdapterCorruptError(id, name);
    }
  }

  private async settle(entry: Entry, dir: string): Promise<void> {
    entry.sizeBytes = await sizeOf(dir);
    const now = new Date();
    await utimes(dir, now, now); // the order of use for the next run
    await this.evict();
  }

  private async evict(): Promise<void> {
    const sizes = [...this.leftovers.values(), ...[...this.entries.values()].map(({ sizeBytes }) => sizeBytes)];
    let total = sizes.reduce((sum, size) => sum + size, 0);
    const idle = [...this.entries].filter(([, { users, sizeBytes }]) => users === 0 && sizeBytes > 0);
    idle.sort(([, a], [, b]) => a.lastUse - b.lastUse);
    const candidates = [...this.leftovers, ...idle.map(([id, { sizeBytes }]) => [id, sizeBytes] as const)];
    for (const [id, sizeBytes] of candidates) {
      if (total <= this.options.bytesMax) return;
      total -= sizeBytes;
      this.leftovers.delete(id);
      this.entries.delete(id);
      this.evictions++;
      await this.remove(join(this.options.root, id));
    }
  }

  /** Away under its name at once, so that a download of the same adapter can take its place. */
  private async remove(dir: string): Promise<void> {
    const temporary = `${dir}.${randomUUID()}${temporarySuffix}`;
    await rename(dir, temporary).catch(() => {});
    await rm(temporary, { recursive: true, force: true });
  }
}

async function isIntact(dir: string, { hashes, required }: StoredAdapter): Promise<boolean> {
  const names = await readdir(dir);
  if (!required.every((name) => names.includes(name))) return false;
  for (const name of names) {
    const expected = hashes[name];
    if (expected === undefined) continue;
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(dir, name)), hash);
    if (`0x${hash.digest('hex')}` !== expected) return false;
  }
  return true;
}

/** Returns the SHA-256 of what was written; an index of gigabytes is never in memory as a whole. */
async function writeDurably(path: string, body: ReadableStream<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  try {
    for await (const part of body) {
      hash.update(part);
      await file.writeFile(part);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return `0x${hash.digest('hex')}`;
}

async function sizeOf(dir: string): Promise<number> {
  const sizes = await Promise.all((await readdir(dir)).map(async (name) => (await stat(join(dir, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
