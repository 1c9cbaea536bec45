import 'server-only';
import { checkHealth } from '#app/_server/check-health.ts';
import { buildDeps } from '#app/_server/deps.ts';
import { listAlarms } from '#lib/platform/alarms/list-alarms.ts';
import { listReconciliations } from '#lib/solvency/queries.ts';

/** What runs, what is wrong, and whether each contract holds what it owes. */
export async function loadStatus() {
  const { db, deployment } = buildDeps();
  const [health, alarms, reconciliations] = await Promise.all([checkHealth(), listAlarms(db), listReconciliations(db)]);
  return { health, alarms, reconciliations, addresses: deployment.addresses };
}
