import { and, asc, eq, gte, inArray, isNull, lt, or } from 'drizzle-orm';
import { adapterAudits } from '#db/schema/audits.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { hasDayBudget } from './day-budget.ts';
import type { AuditKind } from './types.ts';

/**
 * The oldest certification or audit that waits for a worker, or that one died over; none while another runs, or when the day's
 * CPU budget is spent. At most one, so that measuring never takes more than one core.
 */
export async function findAuditToRun(
  deps: Pick<Deps, 'db' | 'env' | 'now'>,
): Promise<{ id: string; kind: AuditKind } | null> {
  if (deps.env.AUDIT_CPU_SECONDS === 0) return null;
  const isOpen = inArray(adapterAudits.status, ['queued', 'running']);
  const isHeld = and(eq(adapterAudits.status, 'running'), gte(adapterAudits.leaseUntil, deps.now()));
  if ((await deps.db.$count(adapterAudits, isHeld)) > 0) return null;
  const [audit] = await deps.db
    .select({ id: adapterAudits.id, kind: adapterAudits.kind, done: adapterAudits.done })
    .from(adapterAudits)
    .where(and(isOpen, or(isNull(adapterAudits.leaseUntil), lt(adapterAudits.leaseUntil, deps.now()))))
    .orderBy(asc(adapterAudits.createdAt))
    .limit(1);
  if (!audit) return null;
  return audit.done > 0 || (await hasDayBudget(deps)) ? { id: audit.id, kind: audit.kind } : null;
}
