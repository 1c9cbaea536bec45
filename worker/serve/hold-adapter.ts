import type { AdapterRef } from '#lib/engine/serving/types.ts';
import { AdapterNotFoundError } from '../find-adapter.ts';
import { findServed, readOrigin } from './find-checkpoint.ts';
import type { OpenModel } from './model-pool.ts';
import type { ServeDeps } from './serve-deps.ts';

export type HeldAdapter = {
  baseModel: string;
  model: OpenModel;
  adapter: AdapterRef;
  release(): void;
  countUse(): void;
};

/** The adapter where its backend reads it: this machine's disk, fetched if need be, or a folder that the fleet sees. */
export async function holdAdapter(deps: ServeDeps, adapterId: string): Promise<HeldAdapter> {
  const record = await findServed(deps, adapterId);
  const { id, baseModel } = record;
  const fleet = deps.pool.fleetOf(baseModel);
  // A fleet reads finished adapters from the store; lib/serving refuses before.
  if (fleet && record.isCheckpoint) throw new AdapterNotFoundError(id);
  const held = fleet ? null : await deps.cache.acquire(record);
  try {
    const model = await deps.pool.get(baseModel);
    const baseSha256 = record.isCheckpoint ? await readOrigin(held!.dir) : record.baseSha256;
    const dir = held?.dir ?? `${fleet!.storePath.replace(/\/+$/, '')}/${record.prefix}`;
    return {
      ...{ baseModel, model, adapter: { id, dir, ...(baseSha256 && !fleet ? { baseSha256 } : {}) } },
      release: () => held?.release(),
      countUse: () => held?.fetchMs != null && deps.counters.countFetch(baseModel, held.fetchMs),
    };
  } catch (error) {
    held?.release();
    throw error;
  }
}
