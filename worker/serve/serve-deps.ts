import type { Deps } from '#lib/platform/deps.ts';
import type { AdapterDiskCache } from '../adapter-disk-cache.ts';
import type { AdapterTimings } from './adapter-timings.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { ModelPool } from './model-pool.ts';
import type { ServeCounters } from './serve-metrics.ts';

/** What a request of the serve process works with. */
export type ServeDeps = Pick<Deps, 'db' | 'store' | 'env' | 'log'> & {
  pool: ModelPool;
  cache: AdapterDiskCache;
  counters: ServeCounters;
  timings: AdapterTimings;
  lifecycle: Lifecycle;
};
