import { and, desc, eq, isNull, lt } from 'drizzle-orm';
import { trainingFiles } from '#db/schema/fine-tuning.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import type { PageInput } from './schema.ts';
import type { TrainingFile } from './types.ts';

/** One's files, newest first. */
export async function listTrainingFiles(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { limit, after }: PageInput,
): Promise<{ data: TrainingFile[]; hasMore: boolean }> {
  const { address } = assertAccount(actor);
  const own = and(eq(trainingFiles.owner, address), isNull(trainingFiles.deletedAt));
  const rows = await deps.db
    .select()
    .from(trainingFiles)
    .where(and(own, after ? lt(trainingFiles.id, after) : undefined))
    .orderBy(desc(trainingFiles.id))
    .limit(limit + 1);
  return { data: rows.slice(0, limit) as TrainingFile[], hasMore: rows.length > limit };
}
