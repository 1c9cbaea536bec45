import { scanDatanet } from '#lib/guard/scan-datanet.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';

/** Looks for planted triggers among a Datanet's new rows. */
export async function scanDatanetJob(deps: WorkerDeps, { datanetId }: Jobs['scan-datanet']): Promise<void> {
  const { triggers, heldRows } = await scanDatanet(deps, datanetId);
  if (triggers > 0) deps.log.warn({ datanetId, triggers, heldRows }, 'planted triggers are suspected');
}
