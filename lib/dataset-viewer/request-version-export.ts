import { sql } from 'drizzle-orm';
import { examples } from '#db/schema/datanets.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { VersionExportPendingError } from './errors.ts';
import type { ViewerVersion } from './find-viewer-version.ts';
import type { VersionExport } from './types.ts';
import { findVersionExport } from './version-export.ts';

type ExportDeps = Pick<Deps, 'db' | 'store' | 'queue'>;
type Version = Pick<ViewerVersion, 'datanetId' | 'versionId'>;

/**
 * Files and statistics of a version; where there are none, or a row was withdrawn since, has them made and answers null. Asking twice
 * makes one job. Cost: a look-up in the store and the Datanet's withdrawn rows.
 */
export async function requestVersionExport(deps: ExportDeps, version: Version): Promise<VersionExport | null> {
  const { versionId } = version;
  const made = await findVersionExport(deps.store, versionId);
  if (made && !(await isOutdated(deps, version, made))) return made;
  await deps.queue.send('export-version', { versionId }, { key: versionId });
  return null;
}

/** The same where nothing else can be answered. @throws {VersionExportPendingError} */
export async function getVersionExport(deps: ExportDeps, version: Version): Promise<VersionExport> {
  const made = await requestVersionExport(deps, version);
  if (!made) throw new VersionExportPendingError();
  return made;
}

async function isOutdated({ db }: Pick<Deps, 'db'>, { datanetId }: Version, made: VersionExport): Promise<boolean> {
  const { rows } = await db.execute<{ outdated: boolean }>(sql`
    select exists (select 1 from ${examples} e where e.datanet_id = ${datanetId} and e.status = 'withdrawn'
      and e.withdrawn_at >= ${made.madeAt}::timestamptz) as outdated`);
  return rows[0]!.outdated;
}
