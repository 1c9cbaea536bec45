import { type SQL, sql } from 'drizzle-orm';
import { apiKeys } from '#db/schema/auth.ts';
import { modelPasses } from '#db/schema/model-passes.ts';
import { inferences, models, trainingRuns } from '#db/schema/models.ts';
import { tasks } from '#db/schema/tasks.ts';
import { trainingBills } from '#db/schema/training-bills.ts';
import { ownAnswers } from './own-answers.ts';

/**
 * All that an account was charged since `from`, one line a charge, as SQL with the columns kind, id, at, ref (what it was for: run, task,
 * model), name, key_id, key, outcome, fee_wei and receipt_id. Fees of a key's lines add up to what the key spent: a task's price counts from
 * the moment that it is agreed to (`held`), a training's when it ends. Trainings and answers that were free are there with 0.
 */
export function ownCharges(account: `0x${string}`, from: Date): SQL {
  return sql`select c.*, k.name as key from (${chargesBesideAnswers(account, from)}
      union all select 'answer', ${inferences.id}, ${inferences.createdAt}, '', '', ${inferences.apiKeyId}, ${inferences.finishReason},
        ${inferences.feeWei}, null from ${inferences} where ${ownAnswers(account, from)}) c
    left join ${apiKeys} k on k.id = c.key_id`;
}

/** The same without answers: trainings, tasks and passes, which an account has few of. */
export function ownOtherCharges(account: `0x${string}`, from: Date): SQL {
  return sql`select c.*, k.name as key from (${chargesBesideAnswers(account, from)}) c left join ${apiKeys} k on k.id = c.key_id`;
}

function chargesBesideAnswers(account: `0x${string}`, from: Date): SQL {
  const since = from.toISOString();
  return sql`select 'training' as kind, b.id, b.settled_at as at, b.run_id as ref, r.name, b.api_key_id as key_id, b.outcome,
      b.fee_wei, b.receipt_id
    from ${trainingBills} b join ${trainingRuns} r on r.id = b.run_id
    where b.payer = ${account} and b.status = 'settled' and b.tokens > 0 and b.settled_at >= ${since}
    union all
    select 'task', t.id, coalesce(t.closed_at, t.opened_at), t.id, t.body ->> 'name', t.api_key_id,
      coalesce(t.receipt_body ->> 'outcome', 'held'), coalesce((t.receipt_body ->> 'feeWei')::numeric, t.held_wei), t.receipt_id
    from ${tasks} t
    where t.asker = ${account} and (t.status = 'accepted' or t.receipt_body is not null)
      and coalesce(t.closed_at, t.opened_at) >= ${since}
    union all
    select 'pass', p.id, p.created_at, m.slug, m.name, p.api_key_id, null, p.price_wei, p.receipt_id
    from ${modelPasses} p join ${models} m on m.id = p.family_id
    where p.holder = ${account} and p.source = 'bought' and p.created_at >= ${since}`;
}
