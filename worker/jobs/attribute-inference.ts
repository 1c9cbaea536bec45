import { join, resolve } from 'node:path';
import { eq } from 'drizzle-orm';
import { inferences } from '#db/schema/models.ts';
import { attributeInference } from '#lib/attribution/attribute-inference.ts';
import { IndexMismatchError, InferenceNotAttributableError } from '#lib/attribution/errors.ts';
import type { InfluenceScorer } from '#lib/attribution/types.ts';
import { AttributionEngine } from '#lib/engine/attribution/attribution-engine.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';
import { fetchAdapter } from '../fetch-adapter.ts';

/** Name of the attribution index among an adapter's files (lib/model-factory/train-run.ts stores it). */
const indexFileName = 'attribution.index';

let engine: AttributionEngine | null = null;

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
    const { dir, baseModel } = await fetchAdapter(deps, adapterId);
    const modelDir = join(resolve(deps.env.MODELS_DIR), baseModel);
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
    }
  };
}

function isFinal(error: unknown): boolean {
  if (error instanceof InferenceNotAttributableError || error instanceof IndexMismatchError) return true;
  const { code } = error as { code?: unknown };
  return code === 'attribution_index_invalid' || code === 'attribution_query_invalid';
}
