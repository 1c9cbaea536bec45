import { type SQL, sql } from 'drizzle-orm';
import { modelRoutes } from '#db/schema/model-routes.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { type AnswerCount, isFailing } from './is-failing.ts';
import { isOfName } from './is-of-name.ts';

const daySeconds = 86_400;

type Row = { model_id: string; canary_id: string; percent: number; model: AnswerCount; canary: AnswerCount };
export type StoppedCanary = { modelId: string; canaryId: string; percent: number; reason: string };

/** Answers that a payer spoilt (a transfer of x402 that did not come) are no fault of the model, and nobody may stop a canary by them. */
const side = (which: SQL) => sql`(select json_build_object(
  'done', count(*) filter (where i.status = 'completed'),
  'failed', count(*) filter (where i.status = 'failed' and i.error <> 'not paid' and not (i.payer is not null and i.channel_id is null)))
  from inferences i where ${which} and i.created_at >= greatest(r.set_at, s.since))`;

/**
 * Takes back canaries that fail much more often than the model they stand in for (`isFailing`), counting what both answered since the
 * canary was set, of the last day at most. The line that takes it back says why, and is nobody's. Returns what was stopped. Cost: one
 * query; answers of a day of the models that have a canary in force, by index.
 */
export async function stopFailingCanaries(deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>): Promise<StoppedCanary[]> {
  const now = deps.now();
  const since = new Date(now.getTime() - daySeconds * 1_000);
  const { rows } = await deps.db.execute<Row>(sql`
    select r.model_id, r.canary_id, r.percent, ${side(isOfName)} as model, ${side(sql`i.model_id = r.canary_id`)} as canary
    from model_routes r, (select ${since.toISOString()}::timestamptz as since) s
    where r.percent > 0 and not exists (select 1 from model_routes n where n.model_id = r.model_id and n.id > r.id)`);
  const stopped = rows
    .filter(({ canary, model }) => isFailing(canary, model))
    .map(({ model_id, canary_id, percent, model, canary }) => ({
      ...{ modelId: model_id, canaryId: canary_id, percent },
      reason: `${partOf(canary)} answers failed, and ${partOf(model)} of the model that it stood in for.`,
    }));
  for (const { modelId, canaryId, reason } of stopped) {
    const line = { id: newId(deps, 'modelRoute'), modelId, canaryId, percent: 0, setBy: null, reason, setAt: now };
    await deps.db.insert(modelRoutes).values(line);
  }
  return stopped;
}

const partOf = ({ done, failed }: AnswerCount) => `${failed} of ${done + failed}`;
