import { eq } from 'drizzle-orm';
import { trainingFiles } from '#db/schema/fine-tuning.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { getTrainingFile } from './get-training-file.ts';

/**
 * Destroys a file's bytes. Rows that a job brought into a private Datanet stay there: withdraw them to have their text
 * destroyed as well. @throws {FileNotFoundError}
 */
export async function deleteTrainingFile(
  deps: Pick<Deps, 'db' | 'store' | 'now'>,
  actor: Actor,
  input: { id: string },
): Promise<void> {
  const file = await getTrainingFile(deps, actor, input);
  await deps.db.update(trainingFiles).set({ deletedAt: deps.now() }).where(eq(trainingFiles.id, file.id));
  await deps.store.remove(file.objectKey);
}
