import { execFile } from 'node:child_process';
import { link, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchContext } from '../main.ts';
import { shippedBase, writeAdapters } from '../serve/serving-models.ts';
import type { RegisteredFigures } from './serve-registered.ts';

const counts = [1, 10, 100, 1_000, 10_000];
/** About 350 adapters of the shipped base: from 1,000 on most requests find theirs on disk alone. */
const cacheBytes = 32 * 2 ** 20;

/**
 * Memory and speed of a server as the number of adapters grows that requests may name. Each count has a process of its
 * own; adapters are drawn evenly, which is the hardest case for a cache.
 */
export async function measureServingScale({ emit, log, threads }: BenchContext): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'engine-scale-serving-'));
  try {
    const adapters = await writeAdapters(shippedBase, join(root, 'originals'), 16);
    const registered = join(root, 'registered');
    let made = 0;
    for (const count of counts) {
      for (; made < count; made++) await register(adapters[made % 16]!.dir, join(registered, `adapter-${made}`));
      const script = new URL('./serve-registered.ts', import.meta.url).pathname;
      const args = [script, shippedBase, registered, String(count), String(threads), String(cacheBytes)];
      const child = await promisify(execFile)(process.execPath, args);
      const { tokens, cpuSeconds, rssBytes, hits, misses } = JSON.parse(child.stdout) as RegisteredFigures;
      const name = `serving, ${count} registered adapters`;
      emit({ case: name, value: tokens / cpuSeconds, unit: 'tokens/cpu-s' });
      emit({ case: name, value: rssBytes / 1e6, unit: 'MB resident' });
      log(`${name}: ${hits} requests found theirs in memory, ${misses} loaded it from disk`);
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** A folder of its own for one more adapter, at the cost of two directory entries. */
async function register(original: string, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const file of await readdir(original)) await link(join(original, file), join(dir, file));
}
