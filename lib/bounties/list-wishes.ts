import { sql } from 'drizzle-orm';
import { bountyGoals } from '#db/schema/bounties.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { adapters, attributionShares, inferences, models, trainingRuns } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import type { Wish } from './types.ts';

type QuestionRecord = { id: string; question: string; created_at: string; slug: string; title: string };
type EvaluationRecord = {
  id: string;
  name: string;
  loss: number;
  base: number;
  created_at: string;
  slug: string;
  title: string;
};

/**
 * What one's own use showed to be missing, newest first: questions whose answer no row stood behind (all of it went to the common pool), and
 * trainings that learnt nothing (loss on held-out rows not below the base model's). Only one's own: a question is its asker's to publish.
 * Those that became a bounty are left out.
 */
export async function listWishes({ db }: Pick<Deps, 'db'>, actor: Actor): Promise<Wish[]> {
  const { address } = assertAccount(actor);
  const isNew = (id: ReturnType<typeof sql>) =>
    sql`not exists (select 1 from ${bountyGoals} g where g.source ->> 'id' = ${id})`;
  const questions = await db.execute<QuestionRecord>(sql`
    select i.id, i.messages -> -1 ->> 'content' as question, i.created_at, d.slug, d.title
    from ${inferences} i join ${models} m on m.id = i.model_id
    join ${datanetVersions} v on v.id = m.version_id join ${datanets} d on d.id = v.datanet_id
    where i.payer = ${address} and i.status = 'completed' and i.attribution_status = 'done'
      and not exists (select 1 from ${attributionShares} s where s.inference_id = i.id) and ${isNew(sql`i.id`)}
    order by i.created_at desc limit 10`);
  const evaluations = await db.execute<EvaluationRecord>(sql`
    select a.id, r.name, a.eval_loss as loss, a.base_eval_loss as base, a.created_at, d.slug, d.title
    from ${adapters} a join ${trainingRuns} r on r.id = a.run_id
    join ${datanetVersions} v on v.id = r.version_id join ${datanets} d on d.id = v.datanet_id
    where r.owner = ${address} and a.eval_loss >= a.base_eval_loss and ${isNew(sql`a.id`)}
    order by a.created_at desc limit 10`);
  return [...questions.rows.map(toQuestionWish), ...evaluations.rows.map(toEvaluationWish)];
}

function toQuestionWish({ id, question, created_at, slug, title }: QuestionRecord): Wish {
  return {
    source: { kind: 'question', id },
    kind: 'data',
    datanet: { slug, title },
    title: question.replace(/\s+/g, ' ').slice(0, 120),
    why: 'No row stood behind the answer.',
    createdAt: new Date(created_at),
  };
}

function toEvaluationWish({ id, name, loss, base, created_at, slug, title }: EvaluationRecord): Wish {
  return {
    source: { kind: 'evaluation', id },
    kind: 'data',
    datanet: { slug, title },
    title: `More rows for “${name}”`.slice(0, 120),
    why: `The training learnt nothing: ${loss.toFixed(3)} nats per token on held-out rows, the base model has ${base.toFixed(3)}.`,
    createdAt: new Date(created_at),
  };
}
