import { defineRoute } from '#app/_server/define-route.ts';
import { listModelAdapters } from '#lib/serving/list-model-adapters.ts';
import { listAdaptersSchema } from '#lib/serving/schema.ts';
import type { ModelAdapter } from '#lib/serving/types.ts';

/** Adapters of live models and where each is now (hot, warm, cold): `limit`, and `after` from `next_cursor`. */
export const GET = defineRoute({
  input: listAdaptersSchema,
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, input }) => {
    const { items, nextCursor } = await listModelAdapters(deps, input);
    return { object: 'list', data: items.map(toAdapterObject), next_cursor: nextCursor };
  },
});

function toAdapterObject(adapter: ModelAdapter) {
  return {
    id: adapter.adapterId,
    object: 'adapter',
    model: adapter.modelSlug,
    base_model: adapter.baseModel,
    rank: adapter.rank,
    state: adapter.state,
    bytes: adapter.sizeBytes,
    last_used_at: adapter.lastUsedAt?.toISOString() ?? null,
    load_ms: adapter.loadMs,
    pinned: adapter.isPinned,
    hits: adapter.hits,
    misses: adapter.misses,
    time_to_first_token_ms: adapter.timing && {
      p50: adapter.timing.firstTokenP50Ms,
      p95: adapter.timing.firstTokenP95Ms,
      answers: adapter.timing.answers,
    },
    tokens_per_second: adapter.timing?.tokensPerSecond ?? null,
  };
}
