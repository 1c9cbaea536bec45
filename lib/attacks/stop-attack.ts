import { eq } from 'drizzle-orm';
import { attackRuns } from '#db/schema/attacks.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { AttackRunForbiddenError, AttackRunNotFoundError } from './errors.ts';

/**
 * Asks a run to stop; who started it may. A waiting one stops at once, a training one within a step. What has ended stays.
 *
 * @throws {AttackRunNotFoundError | AttackRunForbiddenError}
 */
export async function stopAttack(
  deps: Pick<Deps, 'db' | 'now'>,
  _actor: Actor,
  { id, caller }: { id: string; caller: string },
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const [run] = await tx.select().from(attackRuns).where(eq(attackRuns.id, id)).for('update');
    if (!run) throw new AttackRunNotFoundError();
    if (run.requestedBy !== caller) throw new AttackRunForbiddenError();
    if (run.status === 'queued')
      await tx.update(attackRuns).set({ status: 'stopped', endedAt: deps.now() }).where(eq(attackRuns.id, id));
    if (run.status === 'running') await tx.update(attackRuns).set({ status: 'stopping' }).where(eq(attackRuns.id, id));
  });
}
