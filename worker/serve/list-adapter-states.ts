import type { AdapterState } from '#lib/engine/serving/types.ts';
import type { AdapterDiskCache } from '../adapter-disk-cache.ts';
import type { ModelPool } from './model-pool.ts';

/** `baseModel` is null for adapters that lie on disk and were not asked for since the start. */
export type ListedAdapter = { id: string; baseModel: string | null } & Partial<AdapterState> &
  Pick<AdapterState, 'tier'>;

/** Adapters in memory (hot) and on this machine's disk (warm). All others of the object store are cold. */
export async function listAdapterStates(pool: ModelPool, cache: AdapterDiskCache): Promise<ListedAdapter[]> {
  const states = (await pool.ask(({ backend }) => backend.adapters())).flatMap(({ baseModel, model, value }) =>
    value.map((state) => ({ baseModel, fleet: model.fleet, ...state })),
  );
  const { sizes: onDisk } = cache.state();
  const asked = states.map(({ fleet, ...state }): ListedAdapter => {
    // The engine calls warm what it has a folder for; the folder may have been deleted since.
    const isGone = state.tier === 'warm' && !fleet && !onDisk.has(state.id);
    return { ...state, sizeBytes: state.sizeBytes || (onDisk.get(state.id) ?? 0), tier: isGone ? 'cold' : state.tier };
  });
  const known = new Set(asked.map(({ id }) => id));
  const rest = [...onDisk].filter(([id]) => !known.has(id));
  return [
    ...asked,
    ...rest.map(([id, sizeBytes]): ListedAdapter => ({ id, baseModel: null, tier: 'warm', sizeBytes })),
  ];
}
