import { eq } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { holdLease } from './hold-lease.ts';
import type { LeasedJobInput } from './schema.ts';

/**
 * The rows of a training's version, for the worker that holds it; nobody else gets them. They are for memory, not for a disk.
 *
 * @throws {ComputeLeaseLostError | DatanetForbiddenError | NotSignedInError}
 */
export async function getComputeRows(
  deps: Pick<Deps, 'db' | 'store' | 'now'>,
  actor: Actor,
  input: LeasedJobInput,
): Promise<Uint8Array> {
  const objectKey = await deps.db.transaction(async (tx) => {
    const { versionId } = await holdLease({ ...deps, db: tx }, actor, input);
    const [version] = await tx.select().from(datanetVersions).where(eq(datanetVersions.id, versionId));
    return version!.objectKey;
  });
  return deps.store.get(objectKey);
}
