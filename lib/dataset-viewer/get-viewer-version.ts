import { getTextAccess } from '#lib/access/get-read-access.ts';
import type { Tier } from '#lib/access/types.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { findViewerVersion, type ViewerVersion } from './find-viewer-version.ts';

/**
 * A frozen version whose rows this reader may have: what every call of the viewer's API and every export asks for first.
 *
 * @throws {RowsClosedError | RowsSealedError | DatanetNotFoundError | VersionNotFoundError}
 */
export async function getViewerVersion(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  place: { dataset: string; revision?: number | undefined },
): Promise<ViewerVersion & { tier: Tier }> {
  const version = await findViewerVersion(deps.db, place);
  const { tier } = await getTextAccess(deps, actor, version.datanetId);
  return { ...version, tier };
}
