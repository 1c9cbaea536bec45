import { sql } from 'drizzle-orm';
import type { Deps } from '#lib/platform/deps.ts';
import { ServeOverloadedError, ServeUnavailableError } from './errors.ts';
import { fetchServingState, type ServedAdapter } from './serve-client.ts';
import type { ModelAdapter, ServingEngine } from './types.ts';

type Row = {
  model_id: string;
  slug: string;
  name: string;
  owner: string;
  adapter_id: string;
  base_model: string;
  rank: string | null;
};

/**
 * Adapters of live models, newest model first, with where each is right now, and the engines (null: the serve process is down). `after` is the id of the last page's last
 * model. Cost: the page's rows by primary key, and one request to the serve process.
 */
export async function listModelAdapters(
  deps: Pick<Deps, 'db' | 'env'>,
  page: { limit: number; after?: string | undefined },
): Promise<{ items: ModelAdapter[]; engines: ServingEngine[] | null; nextCursor: string | null }> {
  const [{ rows }, serving] = await Promise.all([
    deps.db.execute<Row>(sql`
      select m.id as model_id, m.slug, m.name, m.owner, a.id as adapter_id, a.base_model, a.manifest #>> '{recipe,lora,r}' as rank
      from models m join adapters a on a.id = m.adapter_id
      where exists (select 1 from chain_events e where e.name = 'VersionPublished' and e.subject = m.version_hash)
        ${page.after === undefined ? sql`` : sql`and m.id < ${page.after}`}
      order by m.id desc limit ${page.limit + 1}`),
    servingState(deps),
  ]);
  const served = serving && new Map(serving.adapters.map((adapter) => [adapter.id, adapter]));
  const shown = rows.slice(0, page.limit);
  return {
    items: shown.map((row) => toModelAdapter(row, served)),
    engines: serving?.engines ?? null,
    nextCursor: rows.length > page.limit ? (shown.at(-1)?.model_id ?? null) : null,
  };
}

/** Null when the serve process cannot be asked, which is no reason to hide the list. */
async function servingState(deps: Pick<Deps, 'env'>) {
  try {
    return await fetchServingState(deps);
  } catch (error) {
    if (error instanceof ServeUnavailableError || error instanceof ServeOverloadedError) return null;
    throw error;
  }
}

function toModelAdapter(row: Row, served: Map<string, ServedAdapter> | null): ModelAdapter {
  const known = served?.get(row.adapter_id);
  return {
    adapterId: row.adapter_id,
    ...{ modelSlug: row.slug, modelName: row.name, owner: row.owner as `0x${string}` },
    baseModel: row.base_model,
    rank: row.rank === null ? null : Number(row.rank),
    state: served === null ? null : (known?.tier ?? 'cold'),
    sizeBytes: known?.sizeBytes || null,
    lastUsedAt: known?.lastUsedAtMs ? new Date(known.lastUsedAtMs) : null,
    loadMs: known?.loadMs ?? null,
    ...{ isPinned: known?.isPinned ?? false, hits: known?.hits ?? 0, misses: known?.misses ?? 0 },
    timing: known?.timing ?? null,
  };
}
