import type { Actor } from '#lib/platform/deps.ts';
import { RowsClosedError } from './errors.ts';
import { getTextAccess } from './get-read-access.ts';

/**
 * Asked when a training on this server is estimated or launched, and again when it begins, because permissions end. Rows that are only
 * computed on are trained on by the owner's worker with an approved recipe (lib/compute), for the owner as well.
 *
 * @throws {RowsClosedError | RowsSealedError}
 */
export async function getTrainingAccess(deps: Parameters<typeof getTextAccess>[0], actor: Actor, datanetId: string) {
  const access = await getTextAccess(deps, actor, datanetId);
  if (access.tier === 'compute') throw new RowsClosedError('compute');
  return access;
}
