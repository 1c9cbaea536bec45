import { and, eq, lt, sql } from 'drizzle-orm';
import { inferences } from '#db/schema/models.ts';
import { channels } from '#db/schema/settlement.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { giveBackPass } from './give-back-pass.ts';

/** An answer without a sign of life for this long belongs to a process that died. */
export const abandonedAfterMs = 30_000;

/** Ends a running answer that failed: its hold and its pass's answer are given back, nothing is charged. Once: later calls change nothing. */
export async function releaseInference(
  deps: Pick<Deps, 'db' | 'now'>,
  inferenceId: string,
  error: string,
): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    const [row] = await tx
      .update(inferences)
      .set({ status: 'failed', error, completedAt: deps.now() })
      .where(and(eq(inferences.id, inferenceId), eq(inferences.status, 'running')))
      .returning({ channelId: inferences.channelId, ceilingWei: inferences.ceilingWei, passId: inferences.passId });
    if (!row) return false;
    if (row.channelId) {
      await tx
        .update(channels)
        .set({ reservedWei: sql`${channels.reservedWei} - ${row.ceilingWei}`, updatedAt: deps.now() })
        .where(eq(channels.id, row.channelId));
    }
    await giveBackPass(tx, row.passId);
    return true;
  });
}

/** Releases the holds of answers whose process died (kill -9, power loss). Returns how many. */
export async function releaseAbandonedInferences(deps: Pick<Deps, 'db' | 'now'>): Promise<number> {
  const rows = await deps.db
    .select({ id: inferences.id })
    .from(inferences)
    .where(
      and(
        eq(inferences.status, 'running'),
        lt(inferences.heartbeatAt, new Date(deps.now().getTime() - abandonedAfterMs)),
      ),
    )
    .limit(500);
  let released = 0;
  for (const { id } of rows) {
    if (await releaseInference(deps, id, 'The process that wrote this answer ended before it was done.')) released++;
  }
  return released;
}
