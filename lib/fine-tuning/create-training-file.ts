import { trainingFiles } from '#db/schema/fine-tuning.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { TrainingFileInvalidError } from './errors.ts';
import { readTrainingFile } from './read-training-file.ts';
import type { CreateTrainingFileInput } from './schema.ts';
import type { TrainingFile } from './types.ts';

/**
 * Keeps a file to train on. Every line must be one that can be learnt from, as OpenAI has it, so that nothing is left out
 * silently. The bytes stand under the file's own id, not their hash: deleting the file destroys them.
 *
 * @throws {TrainingFileInvalidError | NotSignedInError}
 */
export async function createTrainingFile(
  deps: Pick<Deps, 'db' | 'store' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: CreateTrainingFileInput & { bytes: Uint8Array },
): Promise<TrainingFile> {
  const { address } = assertAccount(actor);
  const { bytes, filename } = input;
  const { lines, faults } = readTrainingFile(bytes);
  if (faults.length > 0) throw new TrainingFileInvalidError(faults);
  const id = newId(deps, 'trainingFile');
  const file = {
    ...{ id, owner: address, filename, sizeBytes: bytes.length, rowCount: lines.length },
    ...{ objectKey: `training-files/${id}`, versionId: null, createdAt: deps.now() },
  };
  await deps.store.put(file.objectKey, bytes);
  await deps.db.insert(trainingFiles).values({ ...file, sha256: sha256(bytes) });
  return file;
}
