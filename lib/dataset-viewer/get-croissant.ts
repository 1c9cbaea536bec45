import { getDatanet } from '#lib/datanets/get-datanet.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { croissantOf } from './croissant.ts';
import { findViewerVersion } from './find-viewer-version.ts';
import { getVersionExport } from './request-version-export.ts';

/**
 * A version's Croissant description.
 *
 * @throws {DatanetNotFoundError | VersionNotFoundError | VersionExportPendingError} the last while its files are being made
 */
export async function getCroissant(
  deps: Pick<Deps, 'db' | 'store' | 'queue' | 'env'>,
  input: { dataset: string; revision?: number | undefined },
): Promise<Record<string, unknown>> {
  const version = await findViewerVersion(deps.db, input);
  const [datanet, made] = await Promise.all([getDatanet(deps.db, version.slug), getVersionExport(deps, version)]);
  return croissantOf({ appUrl: deps.env.APP_URL, datanet, version, columns: version.columns, made });
}
