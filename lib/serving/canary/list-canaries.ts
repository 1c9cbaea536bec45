import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import type { CanaryRoute } from '../types.ts';
import { isOfName } from './is-of-name.ts';

type Side = { slug: string; name: string; done: number; failed: number };
type Row = {
  owner: string;
  percent: number;
  set_at: string;
  reason: string | null;
  model: Side;
  canary: Side;
  before: number | null;
};

const answersOf = (alias: 'm' | 'c') => (alias === 'c' ? sql`i.model_id = r.canary_id` : isOfName);

const side = (alias: 'm' | 'c') => sql`json_build_object('slug', ${sql.raw(alias)}.slug, 'name', ${sql.raw(alias)}.name,
  'done', (select count(*) from inferences i where ${answersOf(alias)} and i.created_at >= r.set_at and i.status = 'completed'),
  'failed', (select count(*) from inferences i where ${answersOf(alias)} and i.created_at >= r.set_at and i.status = 'failed'))`;

/**
 * Canaries as they were set last, newest first, at most 50: what both models answered since, and what held before. Cost: answers since
 * each was set, by index.
 */
export async function listCanaries(db: DatabaseOrTransaction): Promise<CanaryRoute[]> {
  const { rows } = await db.execute<Row>(sql`
    select m.owner, r.percent, r.set_at, r.reason, ${side('m')} as model, ${side('c')} as canary,
      (select b.percent from model_routes b where b.model_id = r.model_id and b.id < r.id order by b.id desc limit 1) as before
    from model_routes r join models m on m.id = r.model_id join models c on c.id = r.canary_id
    where not exists (select 1 from model_routes n where n.model_id = r.model_id and n.id > r.id)
    order by r.id desc limit 50`);
  return rows.map(({ owner, percent, set_at, reason, model, canary, before }) => ({
    ...{ owner: owner as `0x${string}`, percent, setAt: new Date(set_at), model, canary, percentBefore: before },
    stoppedWhy: reason,
  }));
}
