import { dirname, join, resolve } from 'node:path';
import { exportVersion } from '#lib/dataset-viewer/export-version.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';

/** Makes the Parquet files and statistics of a Datanet's version. */
export async function exportVersionJob(deps: WorkerDeps, payload: Jobs['export-version']): Promise<void> {
  const workRoot = join(resolve(dirname(deps.env.OBJECT_STORE_DIR)), 'exports');
  const made = await exportVersion(deps, { ...payload, workRoot });
  deps.log.info({ ...payload, shards: made?.shards.length ?? null }, 'version exported');
}
