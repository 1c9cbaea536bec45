import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { DatanetNotRegisteredError } from './errors.ts';
import { findRegistryId } from './find-registry-id.ts';
import { type FrozenRows, freezeRows } from './freeze-rows.ts';
import { getCuratedDatanet } from './get-curated-datanet.ts';
import type { FreezeVersionInput } from './schema.ts';

/** `registryId`: for the wallet's DatanetRegistry.commit. */
export type FrozenVersion = FrozenRows & { registryId: string };

/**
 * Freezes the accepted rows into the next version (freeze-rows.ts). Only the owner and curators may. The version exists for
 * training at once; it is anchored when the chain accepts its root.
 *
 * @throws {DatanetNotRegisteredError | NothingToFreezeError | DatanetForbiddenError | DatanetNotFoundError}
 */
export async function freezeVersion(
  deps: Pick<Deps, 'db' | 'chain' | 'deployment' | 'store' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: FreezeVersionInput,
  onRows?: (count: number) => Promise<void>,
): Promise<FrozenVersion> {
  const { address: account } = assertAccount(actor);
  const datanet = await getCuratedDatanet(deps.db, input.datanetId, account, 'freeze a version');
  const registryId = await findRegistryId(deps, datanet);
  if (registryId === null) throw new DatanetNotRegisteredError();
  return { ...(await freezeRows(deps, account, datanet, onRows)), registryId };
}
