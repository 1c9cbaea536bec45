import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTinyAdapter } from '../io/test-support/tiny-adapter.ts';
import { createTinyModel } from '../io/test-support/tiny-model.ts';
import { loadBaseModel } from '../train/base-model.ts';
import { AdapterCache, type LoadAdapter } from './adapter-cache.ts';
import { prepareAdapter } from './adapter-slots.ts';
import { createAdapterLoader } from './load-adapter.ts';

let root = '';
let sizeBytes = 0;
let load: LoadAdapter;
let clock = 0;
const now = (): number => ++clock;
const ref = (id: string) => ({ id, dir: join(root, id) });
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'adapter-cache-'));
  load = await createAdapterLoader(await createTinyModel(join(root, 'model')));
  for (const id of ['a', 'b', 'c']) {
    const { layout, theta } = await createTinyAdapter(ref(id).dir, id);
    sizeBytes = prepareAdapter(layout, theta).sizeBytes;
  }
});
beforeEach(() => {
  clock = 0;
});
afterAll(() => rm(root, { recursive: true }));

const states = (cache: AdapterCache): string =>
  cache
    .states()
    .map(({ id, tier, users }) => `${id} ${tier}${users > 0 ? ' used' : ''}`)
    .join(', ');

describe('AdapterCache', () => {
  it('drops the least recently used adapter, and none that is in use', async () => {
    const cache = new AdapterCache(load, 2 * sizeBytes, now);
    await cache.acquire(ref('a'));
    await cache.acquire(ref('b'));
    cache.release(ref('b'));
    cache.release(ref('a'));
    await cache.acquire(ref('c'));
    expect(states(cache)).toBe('b warm, a hot, c hot used');
    await cache.acquire(ref('a'));
    await cache.acquire(ref('b'));
    expect(states(cache)).toBe('c hot used, a hot used, b hot used');
    cache.release(ref('a'));
    expect(states(cache)).toBe('c hot used, b hot used, a warm');
    const { adapters, adapterLoadMs } = cache.counters();
    expect(adapters).toEqual({ hot: 2, hotBytes: 2 * sizeBytes, hitsTotal: 1, missesTotal: 4, evictionsTotal: 2 });
    expect(adapterLoadMs.count).toBe(4);
    expect(cache.states()[1]).toMatchObject({ id: 'b', misses: 2, hits: 0, rank: 4, sizeBytes });
  });

  it('keeps what is pinned until it is unloaded, which those in use refuse', async () => {
    const cache = new AdapterCache(load, 0, now);
    await cache.prewarm(ref('a'), true);
    await cache.prewarm(ref('b'), false);
    expect(states(cache)).toBe('a hot, b warm');
    await cache.acquire(ref('a'));
    expect(cache.unload('a')).toBe(false);
    cache.release(ref('a'));
    expect(cache.unload('a')).toBe(true);
    expect(states(cache)).toBe('b warm, a warm');
    expect(cache.unload('a')).toBe(false);
  });

  it('loads once for requests that come together, and forgets a failed load', async () => {
    const cache = new AdapterCache(load, 1e9, now);
    const [first, second] = await Promise.all([cache.acquire(ref('a')), cache.acquire(ref('a'))]);
    expect(second).toBe(first);
    cache.release(ref('a'));
    expect(states(cache)).toBe('a hot used');
    cache.release(ref('a'));
    expect(states(cache)).toBe('a hot');
    const failures = await Promise.allSettled([cache.acquire(ref('missing')), cache.acquire(ref('missing'))]);
    for (const failure of failures) expect(failure).toMatchObject({ reason: { code: 'adapter_invalid' } });
    expect(states(cache)).toBe('a hot');
  });
});

describe('createAdapterLoader', () => {
  it('refuses an adapter that names another base, by both hashes', async () => {
    const { sha256 } = await loadBaseModel(join(root, 'model'));
    await expect(load({ ...ref('a'), baseSha256: sha256 })).resolves.toMatchObject({ rank: 4 });
    const other = load({ ...ref('a'), baseSha256: 'f'.repeat(64) });
    await expect(other).rejects.toMatchObject({ code: 'adapter_base_mismatch' });
    await expect(load({ ...ref('a'), baseSha256: 'f'.repeat(64) })).rejects.toThrow(
      `The adapter a was trained on the base ffffffffffff, not on this one, ${sha256.slice(0, 12)}.`,
    );
  });
});
