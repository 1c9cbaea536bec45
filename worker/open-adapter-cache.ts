import { dirname, join, resolve } from 'node:path';
import type { Deps } from '#lib/platform/deps.ts';
import { AdapterDiskCache } from './adapter-disk-cache.ts';
import type { ProcessName } from './heartbeat.ts';

/** The cache of one process: a folder of its own beside the object folder, so that none deletes what another reads. */
export function openAdapterCache(
  deps: Pick<Deps, 'env' | 'store'>,
  process: ProcessName,
  wants: (name: string) => boolean = () => true,
): AdapterDiskCache {
  const root = join(resolve(dirname(deps.env.OBJECT_STORE_DIR)), 'adapter-cache', process);
  return new AdapterDiskCache({ root, store: deps.store, bytesMax: deps.env.ADAPTER_DISK_MB * 1_000_000, wants });
}
