import { eraseRow } from '#lib/datanets/erasure/erase-row.ts';
import { dropVersionExport } from '#lib/dataset-viewer/version-export.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';

/** Destroys the text of a row that its author has withdrawn, and signs the receipt. */
export async function eraseRowJob(deps: WorkerDeps, { exampleId }: Jobs['erase-row']): Promise<void> {
  const dropExport = (versionId: string) => dropVersionExport(deps.store, versionId);
  const outcome = await eraseRow(deps, { exampleId, dropExport });
  deps.log.info({ exampleId, outcome }, 'row erased');
}
