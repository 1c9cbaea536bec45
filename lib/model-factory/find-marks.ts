import { and, asc, eq, inArray } from 'drizzle-orm';
import { trainingEvents } from '#db/schema/models.ts';
import { type CheckpointMarks, foldMarks, noMarks } from '#lib/kernel/checkpoint-marks.ts';
import type { Deps } from '#lib/platform/deps.ts';

/** The checkpoints that a run's events tell of. */
export async function findMarks({ db }: Pick<Deps, 'db'>, runId: string): Promise<CheckpointMarks> {
  const types = ['started', 'eval', 'checkpoint'];
  const events = await db
    .select({ type: trainingEvents.type, data: trainingEvents.data })
    .from(trainingEvents)
    .where(and(eq(trainingEvents.runId, runId), inArray(trainingEvents.type, types)))
    .orderBy(asc(trainingEvents.seq));
  return events.reduce(foldMarks, noMarks);
}
