import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { AdapterDiskCache } from '../adapter-disk-cache.ts';
import type { WorkerDeps } from '../deps.ts';
import { findAdapter } from '../find-adapter.ts';
import { openAdapterCache } from '../open-adapter-cache.ts';

/** One of a process and store: an instance owns its folder, whatever the jobs. */
const caches = new WeakMap<object, AdapterDiskCache>();

/**
 * Base and adapter folder on this machine's disk, for as long as `use` works with them. A base that only GPU servers have
 * (docs/fleet.md) throws `fleet_base_not_here`: nothing can be measured with it here.
 */
export async function withAdapter<T>(
  deps: Pick<WorkerDeps, 'db' | 'store' | 'env'>,
  adapterId: string,
  use: (place: { modelDir: string; dir: string }) => Promise<T>,
): Promise<T> {
  const adapter = await findAdapter(deps, adapterId);
  const modelDir = join(resolve(deps.env.MODELS_DIR), adapter.baseModel);
  const isOnFleet = Object.hasOwn(deps.env.SERVE_FLEETS, adapter.baseModel);
  if (isOnFleet && !(await readdir(modelDir)).some((name) => name.endsWith('.safetensors'))) {
    throw Object.assign(new Error(`The weights of ${adapter.baseModel} are not here.`), {
      code: 'fleet_base_not_here',
    });
  }
  const cache = caches.get(deps.store) ?? openAdapterCache(deps, 'jobs');
  caches.set(deps.store, cache);
  const { dir, release } = await cache.acquire(adapter);
  try {
    return await use({ modelDir, dir });
  } finally {
    release();
  }
}
