import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { contentKey } from '#lib/platform/storage/content-address.ts';
import { columnStatistics } from './column-statistics.ts';
import { findViewerVersion } from './find-viewer-version.ts';
import type { ParquetShard, VersionExport } from './types.ts';
import { putVersionExport } from './version-export.ts';
import { writeVersionParquet } from './write-version-parquet.ts';

/**
 * Makes a version's Parquet files and statistics and stores them, the manifest last. Runs as a job and may run twice: the same rows
 * give the same files. After a withdrawal it runs again, and the row's text is gone from them. Null when there is no such version.
 *
 * @param workRoot folder for working files; may be lost at any time
 */
export async function exportVersion(
  deps: Pick<Deps, 'db' | 'store' | 'now'>,
  { versionId, workRoot }: { versionId: string; workRoot: string },
): Promise<VersionExport | null> {
  const [row] = await deps.db.select().from(datanetVersions).where(eq(datanetVersions.id, versionId));
  if (!row) return null;
  const madeAt = deps.now().toISOString(); // before the rows are read: a withdrawal meanwhile makes them again
  const version = await findViewerVersion(deps.db, { dataset: row.datanetId, revision: row.number });
  await mkdir(workRoot, { recursive: true });
  const workDir = await mkdtemp(join(workRoot, `${versionId}-`));
  try {
    const shards: ParquetShard[] = [];
    for (const { path, ...shard } of await writeVersionParquet(deps.db, version, workDir)) {
      const key = contentKey(`0x${shard.sha256}`);
      if (!(await deps.store.exists(key))) await deps.store.putFile(key, path);
      shards.push({ ...shard, key });
    }
    const statistics = await columnStatistics(deps.db, version);
    const made = { versionId, shards, statistics, madeAt };
    await putVersionExport(deps.store, made);
    return made;
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}
