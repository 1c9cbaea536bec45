import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { inferences } from '#db/schema/models.ts';
import { attributeInference } from '#lib/attribution/attribute-inference.ts';
import { IndexMismatchError, InferenceNotAttributableError } from '#lib/attribution/errors.ts';
import type { InfluenceScorer, SpanSearch } from '#lib/attribution/types.ts';
import { AttributionEngine } from '#lib/engine/attribution/attribution-engine.ts';
import { SpanFinder } from '#lib/engine/attribution/spans/span-finder.ts';
import { recordHarm } from '#lib/harm/record-harm.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { RetrievalValuer } from '#lib/retrieval/types.ts';
import type { WorkerDeps } from '../deps.ts';
import { indexFileName, spanIndexFileName } from '../find-adapter.ts';
import { withAdapter } from './with-adapter.ts';

let engine: AttributionEngine | null = null;
const spanFinder = new SpanFinder();

/** Attributes one answer and issues its receipt. What can never succeed is marked `failed` instead of tried for ever. */
export async function attributeInferenceJob(
  deps: WorkerDeps,
  { inferenceId }: Jobs['attribute-inference'],
): Promise<void> {
  try {
    const attributor = {
      ...{ score: influenceScorer(deps), valueRetrieval: retrievalValuer(deps) },
      ...{ findSpans: spanSearch(deps), recordHarm },
    };
    await attributeInference(deps, attributor, inferenceId);
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
  return ({ adapterId, ...answer }) =>
    withEngine(deps, adapterId, (attribution, { modelDir, dir }) =>
      attribution.score({ modelDir, adapterDir: dir, indexFile: join(dir, indexFileName), ...answer }),
    );
}

function retrievalValuer(deps: WorkerDeps): RetrievalValuer {
  return ({ adapterId, ...answer }) =>
    withEngine(deps, adapterId, (attribution, { modelDir, dir }) =>
      attribution.subsetValues({ modelDir, adapterDir: dir, ...answer }),
    );
}

/** Takes milliseconds once the index is read, so it has no thread of its own. */
function spanSearch(deps: WorkerDeps): SpanSearch {
  return ({ adapterId, completionIds }) =>
    withAdapter(deps, adapterId, async ({ modelDir, dir }) => {
      const indexFile = join(dir, spanIndexFileName);
      if (!existsSync(indexFile)) return null;
      const { indexSha256, spans } = await spanFinder.find({ modelDir, indexFile, completionIds });
      return {
        indexSha256,
        spans: spans.map(({ start, end, ...span }) => ({ ...span, startToken: start, endToken: end })),
      };
    });
}

function withEngine<T>(
  deps: WorkerDeps,
  adapterId: string,
  use: (attribution: AttributionEngine, place: { modelDir: string; dir: string }) => Promise<T>,
): Promise<T> {
  return withAdapter(deps, adapterId, async (place) => {
    engine ??= AttributionEngine.open({ threads: 1 });
    try {
      return await use(engine, place);
    } catch (error) {
      if ((error as { code?: unknown }).code === 'attribution_stopped') engine = null; // a dead thread is replaced
      throw error;
    }
  });
}

/** The last: a base that only GPU servers have (docs/fleet.md), whose weights are not here to measure influence with. */
const finalCodes = new Set(['attribution_index_invalid', 'attribution_query_invalid', 'fleet_base_not_here']);

function isFinal(error: unknown): boolean {
  if (error instanceof InferenceNotAttributableError || error instanceof IndexMismatchError) return true;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && finalCodes.has(code);
}
