import { gte, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { adapterAudits } from '#db/schema/audits.ts';
import type { Deps } from '#lib/platform/deps.ts';

const dayMs = 86_400_000;

/** CPU time that certifications and audits of the last 24 hours took, of all adapters. */
export async function spentCpuMs(db: DatabaseOrTransaction, now: Date): Promise<number> {
  const [row] = await db
    .select({ spent: sql<number>`coalesce(sum(${adapterAudits.cpuMs}), 0)::float8` })
    .from(adapterAudits)
    .where(gte(adapterAudits.startedAt, new Date(now.getTime() - dayMs)));
  return row?.spent ?? 0;
}

/** Whether the day's budget has room for one more. */
export async function hasDayBudget(deps: Pick<Deps, 'db' | 'env' | 'now'>): Promise<boolean> {
  return (await spentCpuMs(deps.db, deps.now())) < deps.env.AUDIT_CPU_SECONDS_PER_DAY * 1000;
}
