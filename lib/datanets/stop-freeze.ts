import { and, eq, isNull } from 'drizzle-orm';
import { versionFreezes } from '#db/schema/version-freezes.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { getCuratedDatanet } from './get-curated-datanet.ts';
import type { FreezeVersionInput } from './schema.ts';

/**
 * Stops the version that is being made of a Datanet, at the next page of rows; nothing is left of it. One that ended meanwhile stays as
 * it ended. Only the owner and curators may.
 *
 * @throws {DatanetForbiddenError | DatanetNotFoundError | NotSignedInError}
 */
export async function stopFreeze(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: FreezeVersionInput,
): Promise<{ slug: string }> {
  const { address } = assertAccount(actor);
  const { id, slug } = await getCuratedDatanet(deps.db, input.datanetId, address, 'stop a version');
  const isOpen = and(eq(versionFreezes.datanetId, id), isNull(versionFreezes.endedAt));
  await deps.db.update(versionFreezes).set({ status: 'stopping' }).where(isOpen);
  return { slug };
}
