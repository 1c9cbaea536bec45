import { eq, isNull } from 'drizzle-orm';
import { adapterAudits } from '#db/schema/audits.ts';
import { adapters } from '#db/schema/models.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import type { Deps } from '#lib/platform/deps.ts';

/**
 * Queues the certification of every adapter that has none: the adapter's row is the request, so that none is forgotten,
 * whenever it was trained. Harmless to repeat. Its id follows from the adapter's: there is one certification an adapter.
 */
export async function requestCertifications(deps: Pick<Deps, 'db' | 'env' | 'now'>): Promise<void> {
  const waiting = await deps.db
    .select({ id: adapters.id })
    .from(adapters)
    .leftJoin(adapterAudits, eq(adapterAudits.adapterId, adapters.id))
    .where(isNull(adapterAudits.id))
    .limit(100);
  for (const { id } of waiting) {
    await deps.db
      .insert(adapterAudits)
      .values({
        ...{ id: derivedId('audit', id), adapterId: id, kind: 'certification', trigger: 'training', status: 'queued' },
        ...{ cpuBudgetMs: deps.env.AUDIT_CPU_SECONDS * 1000, createdAt: deps.now() },
      })
      .onConflictDoNothing();
  }
}
