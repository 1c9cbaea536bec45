import type { ModelPool } from './model-pool.ts';

/** One base model's engine at this moment, and what its adapters' cache did since the start. */
export type EngineState = {
  baseModel: string;
  slots: number;
  running: number;
  queued: number;
  hotAdapters: number;
  hotBytes: number;
  /** Requests that found their adapter in memory, and those that had to load it. */
  hits: number;
  misses: number;
  evictions: number;
};

/** Engines that are open in this process. */
export async function listEngineStates(pool: ModelPool): Promise<EngineState[]> {
  const all = await pool.ask(({ backend }) => backend.metrics());
  return all.map(({ baseModel, value: { slots, running, queued, adapters } }) => ({
    ...{ baseModel, slots, running, queued, hotAdapters: adapters.hot, hotBytes: adapters.hotBytes },
    ...{ hits: adapters.hitsTotal, misses: adapters.missesTotal, evictions: adapters.evictionsTotal },
  }));
}
