import { sql } from 'drizzle-orm';
import { adapterAudits } from '#db/schema/audits.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { hasDayBudget } from './day-budget.ts';
import { auditedAnswersMin } from './list-paid-answers.ts';

/** Between two audits of one adapter that come by themselves. */
const auditEveryMs = 86_400_000;

/**
 * Queues an audit of each adapter that was paid for enough answers since it was measured last, a day ago or longer, as far as
 * the day's CPU budget reaches. Suspended adapters, too: an audit that passes ends the suspension. Harmless to repeat.
 */
export async function scheduleAudits(deps: Pick<Deps, 'db' | 'env' | 'now' | 'randomBytes'>): Promise<void> {
  if (!(await hasDayBudget(deps))) return;
  const { rows } = await deps.db.execute<{ id: string }>(sql`
    select c.adapter_id as id
    from adapter_certificates c
    cross join lateral (
      select max(a.created_at) as last, bool_or(a.status in ('queued', 'running')) as open
      from adapter_audits a where a.adapter_id = c.adapter_id) m
    where c.status in ('certified', 'suspended') and not m.open
      and m.last < ${new Date(deps.now().getTime() - auditEveryMs)}
      and (select count(*) from (
        select 1 from inferences i join models on models.id = i.model_id
        where models.adapter_id = c.adapter_id and i.status = 'completed' and i.fee_wei > 0 and i.created_at > m.last
        limit ${auditedAnswersMin}) paid) >= ${auditedAnswersMin}
    order by m.last limit 20`);
  for (const { id } of rows) await insertAudit(deps, { adapterId: id, trigger: 'schedule', requestedBy: null });
}

/** False when another one of the adapter waits or runs. */
export async function insertAudit(
  deps: Pick<Deps, 'db' | 'env' | 'now' | 'randomBytes'>,
  audit: { adapterId: string; trigger: 'schedule' | 'owner'; requestedBy: string | null },
): Promise<boolean> {
  const inserted = await deps.db
    .insert(adapterAudits)
    .values({
      ...{ id: newId(deps, 'audit'), kind: 'audit', status: 'queued', ...audit },
      ...{ cpuBudgetMs: deps.env.AUDIT_CPU_SECONDS * 1000, createdAt: deps.now() },
    })
    .onConflictDoNothing()
    .returning({ id: adapterAudits.id });
  return inserted.length > 0;
}
