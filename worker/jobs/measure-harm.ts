import { join } from 'node:path';
import { AttributionEngine } from '#lib/engine/attribution/attribution-engine.ts';
import { readRowDiagnostics } from '#lib/engine/attribution/row-diagnostics.ts';
import { measureHarm } from '#lib/harm/measure-harm.ts';
import type { HarmEngine, RowEffect } from '#lib/harm/types.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';
import { indexFileName } from '../find-adapter.ts';
import { withAdapter } from './with-adapter.ts';

/** Holds an adapter's rows against trusted answers. It has a thread of its own, so that answers are attributed meanwhile. */
export async function measureHarmJob(
  deps: WorkerDeps,
  { adapterId }: Jobs['measure-harm'],
  signal: AbortSignal,
): Promise<void> {
  await measureHarm(deps, probeEngine(deps), adapterId, signal);
}

/** What will be no different the next time. */
const finalCodes = new Set(['fleet_base_not_here', 'attribution_index_invalid', 'dataset_empty']);

function probeEngine(deps: WorkerDeps): HarmEngine {
  return async (input) => {
    try {
      return await probe(deps, input);
    } catch (err) {
      if (!finalCodes.has(String((err as { code?: unknown }).code))) throw err;
      deps.log.warn({ err, adapterId: input.adapterId }, 'an adapter cannot be measured for harm');
      return null;
    }
  };
}

function probe(
  deps: WorkerDeps,
  { adapterId, probes, groupOf, signal }: Parameters<HarmEngine>[0],
): Promise<RowEffect[]> {
  return withAdapter(deps, adapterId, async ({ modelDir, dir }) => {
    const indexFile = join(dir, indexFileName);
    const engine = AttributionEngine.open({ threads: 1 });
    try {
      const { rows } = await engine.probeInfluence({
        ...{ modelDir, adapterDir: dir, indexFile, groupOf, signal },
        probes: probes.map(({ row, group }) => ({ example: row, group })),
      });
      const diagnoses = new Map((await readRowDiagnostics(indexFile))?.map((row) => [row.exampleId, row]));
      return rows.map((row) => ({ ...row, gradientNorm: diagnoses.get(row.exampleId)?.gradientNorm ?? null }));
    } finally {
      await engine.close();
    }
  });
}
