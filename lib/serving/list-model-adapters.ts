import { sql } from 'drizzle-orm';
import type { Deps } from '#lib/platform/deps.ts';
import { ServeOverloadedError, ServeUnavailableError } from './errors.ts';
import { listServedAdapters, type ServedAdapter } from './serve-client.ts';

export type ModelAdapter = {
  adapterId: string;
  modelSlug: string;
  baseModel: string;
  /** Rank of the LoRA matrices; null where the adapter's manifest does not say. */
  rank: number | null;
  /**
   * hot: in memory; warm: on the serve process's disk; cold: in the object store alone. null: the serve process is down.
   * The rest is its own measure too, and null for what it has not used since its start.
   */
  state: 'hot' | 'warm' | 'cold' | null;
  sizeBytes: number | null;
  lastUsedAt: Date | null;
  loadMs: number | null;
};
type Row = { model_id: string; slug: string; adapter_id: string; base_model: string; rank: string | null };

/**
 * Adapters of live models, newest model first, with where each is right now. `after` is the id of the last page's last
 * model. Cost: the page's rows by primary key, and one request to the serve process.
 */
export async function listModelAdapters(
  deps: Pick<Deps, 'db' | 'env'>,
  page: { limit: number; after?: string | undefined },
): Promise<{ items: ModelAdapter[]; nextCursor: string | null }> {
  const [{ rows }, served] = await Promise.all([
    deps.db.execute<Row>(sql`
      select m.id as model_id, m.slug, a.id as adapter_id, a.base_model, a.manifest #>> '{recipe,lora,r}' as rank
      from models m join adapters a on a.id = m.adapter_id
      where exists (select 1 from chain_events e where e.name = 'VersionPublished' and e.subject = m.version_hash)
        ${page.after === undefined ? sql`` : sql`and m.id < ${page.after}`}
      order by m.id desc limit ${page.limit + 1}`),
    servedAdapters(deps),
  ]);
  const shown = rows.slice(0, page.limit);
  return {
    items: shown.map((row) => toModelAdapter(row, served)),
    nextCursor: rows.length > page.limit ? (shown.at(-1)?.model_id ?? null) : null,
  };
}

/** By id; null when the serve process cannot be asked, which is no reason to hide the list. */
async function servedAdapters(deps: Pick<Deps, 'env'>): Promise<Map<string, ServedAdapter> | null> {
  try {
    return new Map((await listServedAdapters(deps)).map((adapter) => [adapter.id, adapter]));
  } catch (error) {
    if (error instanceof ServeUnavailableError || error instanceof ServeOverloadedError) return null;
    throw error;
  }
}

function toModelAdapter(row: Row, served: Map<string, ServedAdapter> | null): ModelAdapter {
  const known = served?.get(row.adapter_id);
  return {
    adapterId: row.adapter_id,
    modelSlug: row.slug,
    baseModel: row.base_model,
    rank: row.rank === null ? null : Number(row.rank),
    state: served === null ? null : (known?.tier ?? 'cold'),
    sizeBytes: known?.sizeBytes || null,
    lastUsedAt: known?.lastUsedAtMs ? new Date(known.lastUsedAtMs) : null,
    loadMs: known?.loadMs ?? null,
  };
}
