import { and, eq, isNull } from 'drizzle-orm';
import { versionFreezes } from '#db/schema/version-freezes.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { DatanetNotRegisteredError } from './errors.ts';
import { findRegistryId } from './find-registry-id.ts';
import { getCuratedDatanet } from './get-curated-datanet.ts';
import type { FreezeVersionInput } from './schema.ts';

/**
 * Has a worker make the next version of a Datanet; asking while one is being made joins it. Only the owner and curators may.
 *
 * @throws {DatanetNotRegisteredError | DatanetForbiddenError | DatanetNotFoundError | NotSignedInError}
 */
export async function requestFreeze(
  deps: Pick<Deps, 'db' | 'chain' | 'deployment' | 'queue' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: FreezeVersionInput,
): Promise<{ freezeId: string; slug: string }> {
  const { address } = assertAccount(actor);
  const {
    id: datanetId,
    slug,
    ...datanet
  } = await getCuratedDatanet(deps.db, input.datanetId, address, 'freeze a version');
  if ((await findRegistryId(deps, datanet)) === null) throw new DatanetNotRegisteredError();
  return deps.db.transaction(async (tx) => {
    const row = { id: newId(deps, 'freeze'), datanetId, requestedBy: address, status: 'queued' as const };
    await tx
      .insert(versionFreezes)
      .values({ ...row, createdAt: deps.now() })
      .onConflictDoNothing();
    const [open] = await tx
      .select({ id: versionFreezes.id })
      .from(versionFreezes)
      .where(and(eq(versionFreezes.datanetId, datanetId), isNull(versionFreezes.endedAt)));
    await deps.queue.send('freeze-version', { freezeId: open!.id }, { key: open!.id, tx });
    return { freezeId: open!.id, slug };
  });
}
