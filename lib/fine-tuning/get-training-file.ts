import { and, eq, isNull } from 'drizzle-orm';
import { trainingFiles } from '#db/schema/fine-tuning.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { FileNotFoundError } from './errors.ts';
import type { TrainingFile } from './types.ts';

/** A file of one's own; somebody else's is answered like one that does not exist. @throws {FileNotFoundError} */
export async function getTrainingFile(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { id }: { id: string },
): Promise<TrainingFile> {
  const { address } = assertAccount(actor);
  const [row] = await deps.db
    .select()
    .from(trainingFiles)
    .where(and(eq(trainingFiles.id, id), eq(trainingFiles.owner, address), isNull(trainingFiles.deletedAt)));
  if (!row) throw new FileNotFoundError(id);
  return row as TrainingFile;
}
