import { findReadAccess } from '#lib/access/get-read-access.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { DatanetNotRegisteredError } from './errors.ts';
import { type FrozenRows, freezeRows } from './freeze-rows.ts';
import { getOwnedDatanet } from './get-owned-datanet.ts';
import type { FreezeVersionInput } from './schema.ts';

/**
 * A version of one's own private Datanet with no wallet at hand, so that a program can train on a file. Nobody else's rows or
 * trust hang on it: it is trained on by whom the owner lets, and a model made of it is published only once the version is
 * anchored on chain as every other (VersionNotAnchoredError). A public Datanet must be registered first.
 *
 * @throws {DatanetNotRegisteredError | NothingToFreezeError | DatanetForbiddenError | DatanetNotFoundError}
 */
export async function freezeOwnVersion(
  deps: Pick<Deps, 'db' | 'store' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: FreezeVersionInput,
): Promise<FrozenRows> {
  const { address } = assertAccount(actor);
  const datanet = await getOwnedDatanet(deps.db, input.datanetId, address, 'freeze it for themselves');
  const { tier } = await findReadAccess(deps, actor, datanet.id);
  if (tier !== 'gated') throw new DatanetNotRegisteredError();
  return freezeRows(deps, address, datanet);
}
