import { performFreeze } from '#lib/datanets/perform-freeze.ts';
import { countUnscanned } from '#lib/guard/count-unscanned.ts';
import { scanDatanet } from '#lib/guard/scan-datanet.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';

/** Makes the next version of a Datanet, after a scan of what no scan has seen yet. */
export async function freezeVersionJob(deps: WorkerDeps, { freezeId }: Jobs['freeze-version']): Promise<void> {
  const frozen = await performFreeze(deps, freezeId, (datanetId) => scanWhatIsNew(deps, datanetId));
  deps.log.info({ freezeId, number: frozen?.number ?? null, rows: frozen?.rowCount ?? null }, 'version frozen');
}

/** A scan reads the newest rows only, so it is repeated while it finds some that none has seen; withdrawn ones never are. */
async function scanWhatIsNew(deps: WorkerDeps, datanetId: string): Promise<void> {
  let left = await countUnscanned(deps.db, datanetId);
  while (left > 0) {
    await scanDatanet(deps, datanetId);
    const now = await countUnscanned(deps.db, datanetId);
    if (now >= left) return;
    left = now;
  }
}
