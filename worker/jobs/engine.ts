import { AttributionEngine } from '#lib/engine/attribution/attribution-engine.ts';
import { trainAdapter } from '#lib/engine/train/train-adapter.ts';
import type { TrainingEngine } from '#lib/model-factory/training-engine.ts';
import type { Env } from '#lib/platform/env.ts';

let attribution: AttributionEngine | null = null;

/** The attribution thread of this process, started on first use; it keeps bases, graphs and indexes between answers. */
export function attributionEngine(env: Pick<Env, 'ENGINE_THREADS'>): AttributionEngine {
  attribution ??= AttributionEngine.open({ threads: env.ENGINE_THREADS });
  return attribution;
}

/** Forgets a thread that failed, so that the next job starts a new one. */
export async function resetAttributionEngine(): Promise<void> {
  const failed = attribution;
  attribution = null;
  await failed?.close();
}

/** lib/engine as `trainRun` wants it. The index gets a thread of its own, so that answers are attributed meanwhile. */
export function trainingEngine(env: Pick<Env, 'ENGINE_THREADS'>): TrainingEngine {
  return {
    train: (input) => trainAdapter({ ...input, threads: env.ENGINE_THREADS }),
    async buildIndex({ rows, ...input }) {
      const engine = AttributionEngine.open({ threads: env.ENGINE_THREADS });
      try {
        return await engine.buildIndex({ ...input, examples: rows });
      } finally {
        await engine.close();
      }
    },
  };
}
