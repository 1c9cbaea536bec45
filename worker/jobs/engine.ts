import { AttributionEngine } from '#lib/engine/attribution/attribution-engine.ts';
import { buildSpanIndexInThread, findCopiesInThread } from '#lib/engine/attribution/text-jobs.ts';
import { mergeTrainedAdapters, trainAdapter } from '#lib/engine/train/train-adapter.ts';
import type { TrainingEngine } from '#lib/model-factory/training-engine.ts';
import type { Env } from '#lib/platform/env.ts';

/** lib/engine as `trainRun` wants it. The index gets a thread of its own, so that answers are attributed meanwhile. */
export function trainingEngine(env: Pick<Env, 'ENGINE_THREADS'>): TrainingEngine {
  return {
    findCopies: findCopiesInThread,
    train: (input) => trainAdapter({ ...input, threads: env.ENGINE_THREADS }),
    merge: (input) => mergeTrainedAdapters({ ...input, threads: env.ENGINE_THREADS }),
    async buildIndex({ rows, ...input }) {
      const engine = AttributionEngine.open({ threads: env.ENGINE_THREADS });
      try {
        return await engine.buildIndex({ ...input, examples: rows });
      } finally {
        await engine.close();
      }
    },
    buildSpans: ({ rows, ...input }) => buildSpanIndexInThread({ ...input, examples: rows }),
  };
}
