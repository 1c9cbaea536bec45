import { eq } from 'drizzle-orm';
import { trainingFiles } from '#db/schema/fine-tuning.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { getTrainingFile } from './get-training-file.ts';

/** Notes which version a file's rows have become, so that the next job on the file trains on the same. @throws {FileNotFoundError} */
export async function setFileVersion(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { id, versionId }: { id: string; versionId: string },
): Promise<void> {
  const file = await getTrainingFile(deps, actor, { id });
  await deps.db.update(trainingFiles).set({ versionId }).where(eq(trainingFiles.id, file.id));
}
