import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import { runAudit } from '#lib/audits/run-audit.ts';
import type { AuditEngine } from '#lib/audits/types.ts';
import { measureAttributionInThread } from '#lib/engine/attribution/certificate/measure-in-thread.ts';
import { findTrainingSet } from '#lib/model-factory/find-training-set.ts';
import { listMergeParents } from '#lib/model-factory/list-merge-parents.ts';
import { recipeSchema } from '#lib/model-factory/schema.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';
import { AdapterNotFoundError, indexFileName } from '../find-adapter.ts';
import { withAdapter } from './with-adapter.ts';

/** Measures an adapter's attribution against retraining, for its certificate or an audit of it. */
export async function auditAdapterJob(
  deps: WorkerDeps,
  { auditId }: Jobs['audit-adapter'],
  signal: AbortSignal,
): Promise<void> {
  const outcome = await runAudit(deps, auditEngine(deps), { auditId, signal });
  deps.log.info({ auditId, outcome }, 'audit ended');
}

/** The engine with the adapter's rows as they were trained on, in a thread that everything else goes before. */
export function auditEngine(deps: Pick<WorkerDeps, 'db' | 'store' | 'env'>): AuditEngine {
  return async ({ adapterId, ...input }, onEvent) => {
    const [run] = await deps.db
      .select({ id: trainingRuns.id, recipe: trainingRuns.recipe, forkedFrom: trainingRuns.forkedFromKey })
      .from(adapters)
      .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
      .where(eq(adapters.id, adapterId));
    const set = await findTrainingSet(deps, adapterId);
    if (!run || !set) throw new AdapterNotFoundError(adapterId);
    // A fork starts from what other rows taught, which no retraining of these rows can show.
    if (run.forkedFrom !== null) return onEvent({ type: 'refused', reason: 'not_attributable', cpuSeconds: 0 });
    // Nor does any training of its rows give a merge.
    if ((await listMergeParents(deps.db, run.id)).length > 0)
      return onEvent({ type: 'refused', reason: 'merged', cpuSeconds: 0 });
    const rows = { train: set.train, heldOut: set.heldOut, datasetRoot: set.root };
    await withAdapter(deps, adapterId, async ({ modelDir, dir }) => {
      const place = { modelDir, adapterDir: dir, indexFile: join(dir, indexFileName) };
      const recipe = recipeSchema.parse(run.recipe);
      for await (const event of measureAttributionInThread({ ...input, ...place, ...rows, recipe }))
        await onEvent(event);
    });
  };
}
