import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import { trainingEvents } from '#db/schema/models.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { getFineTuningJob } from './queries.ts';
import type { PageInput } from './schema.ts';

/** What a job's run said. `seq` orders it and is part of its id in OpenAI's shape. */
export type JobEvent = { seq: number; type: string; data: Record<string, unknown>; at: Date };

/** Newest first, as OpenAI lists them; `after` is `<anything>_<seq>`. Checkpoints alone with `types`. */
export async function listJobEvents(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { id, limit, after, types }: PageInput & { id: string; types?: readonly string[] },
): Promise<{ runId: string; data: JobEvent[]; hasMore: boolean }> {
  const { runId } = await getFineTuningJob(deps, actor, { id });
  const before = after === undefined ? undefined : Number(/_(\d{1,9})$/.exec(after)?.[1] ?? 0);
  const rows = await deps.db
    .select()
    .from(trainingEvents)
    .where(
      and(
        eq(trainingEvents.runId, runId),
        before === undefined ? undefined : lt(trainingEvents.seq, before),
        types ? inArray(trainingEvents.type, [...types]) : undefined,
      ),
    )
    .orderBy(desc(trainingEvents.seq))
    .limit(limit + 1);
  return { runId, data: rows.slice(0, limit), hasMore: rows.length > limit };
}
