import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import type { ObjectStore } from '#lib/platform/storage/object-store.ts';
import { AdapterDiskCache } from './adapter-disk-cache.ts';

const weights = 'adapter_model.safetensors';
const sizeBytes = 100;
let dir: string;
let root: string;
let store: ObjectStore;
let reads: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'openledger-cache-'));
  root = join(dir, 'cache');
  const files = fileObjectStore(join(dir, 'objects'));
  reads = [];
  const open = async (key: string) => {
    reads.push(key);
    return files.open(key);
  };
  store = { ...files, open };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const bytesOf = (id: string) => Buffer.from(id.padEnd(sizeBytes, '.'));
const open = (adapters = 3) =>
  new AdapterDiskCache({ root, store, bytesMax: adapters * sizeBytes, wants: (name) => name === weights });
async function put(id: string) {
  await store.put(`adapters/${id}/${weights}`, bytesOf(id));
  await store.put(`adapters/${id}/optimizer.safetensors`, Buffer.alloc(10_000));
  const hash = `0x${createHash('sha256').update(bytesOf(id)).digest('hex')}`;
  return {
    id,
    prefix: `adapters/${id}`,
    hashes: { [weights]: hash, 'attribution.index': '0x00' },
    required: [weights],
  };
}
const onDisk = () => readdirSync(root).toSorted();
const use = async (cache: AdapterDiskCache, adapter: Awaited<ReturnType<typeof put>>) => {
  const held = await cache.acquire(adapter);
  held.release();
  return held;
};

describe('AdapterDiskCache', () => {
  it('brings the wanted files once, however many ask at the same time', async () => {
    const [cache, a] = [open(), await put('a')];
    const held = await Promise.all([1, 2, 3].map(() => cache.acquire(a)));
    expect(readFileSync(join(held[0]!.dir, weights))).toEqual(bytesOf('a'));
    expect(reads).toEqual([`adapters/a/${weights}`]);
    expect(held.map(({ fetchMs }) => fetchMs !== null)).toEqual([true, false, false]);
    expect(cache.state()).toEqual({ sizes: new Map([['a', sizeBytes]]), sizeBytes, evictions: 0 });
  });

  it('deletes the least recently used at the limit, but none in use', async () => {
    const cache = open();
    const [a, b, c, d, e] = [await put('a'), await put('b'), await put('c'), await put('d'), await put('e')];
    const held = await cache.acquire(a);
    for (const adapter of [b, c, b, d]) await use(cache, adapter);
    expect(onDisk()).toEqual(['a', 'b', 'd']);
    held.release();
    await use(cache, e);
    await expect.poll(onDisk).toEqual(['b', 'd', 'e']);
  });

  it('never shows a download that broke, and tries again', async () => {
    const [cache, a] = [open(), await put('a')];
    const { open: openFile } = store;
    store.open = async () => {
      throw new Error('connection reset');
    };
    await expect(cache.acquire(a)).rejects.toThrow('connection reset');
    expect(onDisk()).toEqual([]);
    store.open = openFile;
    await use(cache, a);
    expect(onDisk()).toEqual(['a']);
  });

  it('is not content without a file that it cannot do without', async () => {
    const [cache, a] = [open(), await put('a')];
    rmSync(join(dir, 'objects', 'adapters', 'a', weights));
    await expect(cache.acquire(a)).rejects.toMatchObject({ code: 'object_not_found' });
    expect(onDisk()).toEqual([]);
  });

  it('refuses files whose hash is not the recorded one', async () => {
    const [cache, a] = [open(), await put('a')];
    await store.put(`adapters/a/${weights}`, Buffer.from('other bytes'));
    await expect(cache.acquire(a)).rejects.toMatchObject({ code: 'adapter_corrupt' });
    expect(onDisk()).toEqual([]);
  });

  it('takes over what an earlier run left, after a check, and removes what it left half done', async () => {
    const [a, b] = [await put('a'), await put('b')];
    const before = open();
    await use(before, a);
    await use(before, b);
    writeFileSync(join(root, 'b', weights), 'cut off');
    mkdirSync(join(root, 'c.1234.tmp'));
    reads.length = 0;
    const cache = open();
    await use(cache, a);
    expect(reads).toEqual([]);
    const { dir: folder } = await use(cache, b);
    expect(reads).toEqual([`adapters/b/${weights}`]);
    expect(readFileSync(join(folder, weights))).toEqual(bytesOf('b'));
    expect(onDisk()).toEqual(['a', 'b']);
  });

  it('counts what an earlier run left against the limit', async () => {
    const before = open();
    for (const id of ['a', 'b', 'c']) {
      await use(before, await put(id));
      await new Promise((resolve) => setTimeout(resolve, 5)); // mtimes in order
    }
    await use(open(), await put('d'));
    expect(onDisk()).toEqual(['b', 'c', 'd']);
  });
});
