import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTinyAdapter } from '../io/test-support/tiny-adapter.ts';
import { tinyConfig } from '../io/test-support/tiny-model.ts';
import { AdapterCache } from './adapter-cache.ts';
import { prepareAdapter } from './adapter-slots.ts';

let root = '';
let sizeBytes = 0;
const ref = (id: string) => ({ id, dir: join(root, id) });
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'adapter-cache-'));
  for (const id of ['a', 'b', 'c']) {
    const { layout, theta } = await createTinyAdapter(ref(id).dir, id);
    sizeBytes = prepareAdapter(layout, theta).sizeBytes;
  }
});
afterAll(() => rm(root, { recursive: true }));

const states = (cache: AdapterCache): string =>
  cache
    .states()
    .map(({ id, state }) => `${id} ${state}`)
    .join(', ');

describe('AdapterCache', () => {
  it('drops the least recently used adapter, and none that is in use', async () => {
    const cache = new AdapterCache(tinyConfig, 2 * sizeBytes);
    await cache.acquire(ref('a'), 1);
    await cache.acquire(ref('b'), 2);
    cache.release(ref('b'), 3);
    cache.release(ref('a'), 4);
    await cache.acquire(ref('c'), 5);
    expect(states(cache)).toBe('a warm, c hot');
    await cache.acquire(ref('a'), 6);
    await cache.acquire(ref('b'), 7);
    expect(states(cache)).toBe('a hot, c hot, b hot');
    cache.release(ref('a'), 8);
    expect(states(cache)).toBe('c hot, b hot');
    expect(cache.states().map((state) => state.sizeBytes)).toEqual([sizeBytes, sizeBytes]);
  });

  it('loads once for requests that come together, and forgets a failed load', async () => {
    const cache = new AdapterCache(tinyConfig, 1e9);
    const [first, second] = await Promise.all([cache.acquire(ref('a'), 1), cache.acquire(ref('a'), 2)]);
    expect(second).toBe(first);
    cache.release(ref('a'), 3);
    expect(states(cache)).toBe('a hot');
    cache.release(ref('a'), 4);
    expect(states(cache)).toBe('a warm');
    await expect(cache.acquire(ref('missing'), 5)).rejects.toMatchObject({ code: 'adapter_invalid' });
    expect(states(cache)).toBe('a warm');
  });
});
