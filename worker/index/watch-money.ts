import { setAlarm } from '#lib/platform/alarms/set-alarm.ts';
import { compareNodes } from '#lib/platform/chain/compare-nodes.ts';
import { reconcile } from '#lib/solvency/reconcile.ts';
import type { WorkerDeps } from '../deps.ts';
import { repeat } from '../repeat.ts';

const pauseMs = 60_000;

/** Each minute until `signal` aborts: whether the contracts hold what they owe, and whether the two nodes agree. */
export async function watchMoney(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  await repeat({ name: 'reconciling', pauseMs, signal, log: deps.log }, async () => {
    await setAlarm(deps, { key: 'nodes', message: await compareNodes(deps.env) });
    await reconcile(deps);
    return {};
  });
}
