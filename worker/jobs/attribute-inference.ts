import { join, resolve } from 'node:path';
import { eq } from 'drizzle-orm';
import { inferences } from '#db/schema/models.ts';
import { attributeInference } from '#lib/attribution/attribute-inference.ts';
import { IndexMismatchError, InferenceNotAttributableError } from '#lib/attribution/errors.ts';
import type { InfluenceScorer } from '#lib/attribution/types.ts';
import { AttributionEngine } from '#lib/engine/attribution/attribution-engine.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { AdapterDiskCache } from '../adapter-disk-cache.ts';
import type { WorkerDeps } from '../deps.ts';
import { findAdapter, indexFileName } from '../find-adapter.ts';
import { openAdapterCache } from '../open-adapter-cache.ts';

let engine: AttributionEngine | null = null;
let cache: AdapterDiskCache | null = null;

/** Attributes one answer and issues its receipt. What can never succeed is marked `failed` instead of tried for ever. */
export async function attributeInferenceJob(
  deps: WorkerDeps,
  { inferenceId }: Jobs['attribute-inference'],
): Promise<void> {
  try {
    await attributeInference(deps, influenceScorer(deps), inferenceId);
  } catch (error) {
    if (!isFinal(error)) throw error;
    deps.log.error({ err: error, inferenceId }, 'an answer cannot be attributed');
    await deps.db.update(inferences).set({ attributionStatus: 'failed' }).where(eq(inferences.id, inferenceId));
  }
}

/** Ends the engine's thread, if it was started. */
export async function closeAttribution(): Promise<void> {
  await engine?.close();
}

/** The engine behind a function: base from MODELS_DIR, adapter and index from the object store. */
function influenceScorer(deps: WorkerDeps): InfluenceScorer {
  return async ({ adapterId, promptIds, completionIds }) => {
    const adapter = await findAdapter(deps, adapterId);
    const modelDir = join(resolve(deps.env.MODELS_DIR), adapter.baseModel);
    cache ??= openAdapterCache(deps, 'jobs');
    const { dir, release } = await cache.acquire(adapter);
    engine ??= AttributionEngine.open({ threads: 1 });
    try {
      return await engine.score({
        modelDir,
        adapterDir: dir,
        indexFile: join(dir, indexFileName),
        promptIds,
        completionIds,
      });
    } catch (error) {
      if ((error as { code?: unknown }).code === 'attribution_stopped') engine = null; // a dead thread is replaced
      throw error;
    } finally {
      release();
    }
  };
}

function isFinal(error: unknown): boolean {
  if (error instanceof InferenceNotAttributableError || error instanceof IndexMismatchError) return true;
  const { code } = error as { code?: unknown };
  return code === 'attribution_index_invalid' || code === 'attribution_query_invalid';
}
