import { getDatanet } from '#lib/datanets/get-datanet.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { croissantOf } from './croissant.ts';
import { findViewerVersion } from './find-viewer-version.ts';
import { getVersionExport } from './request-version-export.ts';

/**
 * A version's Croissant description.
 *
 * @param input.dataset slug or id; or the Datanet, where it was read already
 * @throws {DatanetNotFoundError | VersionNotFoundError | VersionExportPendingError} the last while its files are being made
 */
export async function getCroissant(
  deps: Pick<Deps, 'db' | 'store' | 'queue' | 'env'>,
  input: { dataset: string | DatanetDetail; revision?: number | undefined },
): Promise<Record<string, unknown>> {
  const { dataset, revision } = input;
  const loaded = typeof dataset === 'string' ? null : dataset;
  const version = await findViewerVersion(deps.db, { dataset: loaded?.id ?? (dataset as string), revision });
  const [datanet, made] = await Promise.all([
    loaded ?? getDatanet(deps.db, version.slug),
    getVersionExport(deps, version),
  ]);
  return croissantOf({ appUrl: deps.env.APP_URL, datanet, version, columns: version.columns, made });
}
