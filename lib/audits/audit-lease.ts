import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { adapterAudits } from '#db/schema/audits.ts';
import type { Deps } from '#lib/platform/deps.ts';

const leaseMs = 15_000;
/** Attempts that may break off for reasons of the platform before an audit is given up. */
export const attemptsMax = 5;
/** After the first attempt that failed; after the second, twice that. */
const waitMs = 30_000;

type LeaseDeps = Pick<Deps, 'db' | 'now'>;
export type LeasedAudit = typeof adapterAudits.$inferSelect;

/** Takes an audit for this worker; null when it is over, or another worker holds it. One whose worker died is taken over. */
export async function takeAudit(deps: LeaseDeps, auditId: string, workerId: string): Promise<LeasedAudit | null> {
  const now = deps.now();
  const [audit] = await deps.db
    .update(adapterAudits)
    .set({
      ...{ status: 'running', leaseOwner: workerId, leaseUntil: new Date(now.getTime() + leaseMs) },
      attempts: sql`${adapterAudits.attempts} + 1`,
      startedAt: sql`coalesce(${adapterAudits.startedAt}, ${now})`,
    })
    .where(
      and(
        eq(adapterAudits.id, auditId),
        inArray(adapterAudits.status, ['queued', 'running']),
        or(isNull(adapterAudits.leaseUntil), lt(adapterAudits.leaseUntil, now)),
      ),
    )
    .returning();
  return audit ?? null;
}

/** Prolongs the lease and writes down how far it is. False: another worker has it. */
export async function renewAudit(
  deps: LeaseDeps,
  auditId: string,
  workerId: string,
  values: Partial<Pick<LeasedAudit, 'subsets' | 'total' | 'done' | 'cpuMs' | 'effects'>> = {},
): Promise<boolean> {
  const rows = await deps.db
    .update(adapterAudits)
    .set({ ...values, leaseUntil: new Date(deps.now().getTime() + leaseMs) })
    .where(and(eq(adapterAudits.id, auditId), eq(adapterAudits.leaseOwner, workerId)))
    .returning({ id: adapterAudits.id });
  return rows.length > 0;
}

/** Gives an audit back that could not go on, for another attempt, or for good after too many. */
export async function giveAuditBack(
  deps: LeaseDeps,
  audit: LeasedAudit,
  workerId: string,
  failure: { message: string; isFinal: boolean } | null,
): Promise<void> {
  const isBroken = failure !== null && (failure.isFinal || audit.attempts >= attemptsMax);
  await deps.db
    .update(adapterAudits)
    .set({
      ...{ status: isBroken ? 'broken' : 'queued', leaseOwner: null },
      // A stop of the process is no attempt that failed; after one that did, it waits.
      ...(failure
        ? { error: failure.message, leaseUntil: new Date(deps.now().getTime() + waitMs * audit.attempts) }
        : { leaseUntil: null, attempts: Math.max(0, audit.attempts - 1) }),
      ...(isBroken && { endedAt: deps.now(), effects: {} }),
    })
    .where(and(eq(adapterAudits.id, audit.id), eq(adapterAudits.leaseOwner, workerId)));
}
