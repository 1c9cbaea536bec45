import { join } from 'node:path';
import { attributeInference } from '#lib/attribution/attribute-inference.ts';
import { AttributionStoppedError } from '#lib/engine/attribution/errors.ts';
import { fetchAdapter } from '../fetch-adapter.ts';
import { attributionEngine, resetAttributionEngine } from './engine.ts';
import type { JobHandler } from './registry.ts';

/** Scores an answer against its model's index, shares it out and issues the receipt. */
export const handleAttributeInference: JobHandler<'attribute-inference'> = async (deps, { inferenceId }) => {
  try {
    await attributeInference(
      deps,
      async ({ adapterId, promptIds, completionIds }) => {
        const { dir, baseModel } = await fetchAdapter(deps, adapterId);
        return attributionEngine(deps.env).score({
          modelDir: join(deps.env.MODELS_DIR, baseModel),
          adapterDir: dir,
          indexFile: join(dir, 'attribution.index'),
          promptIds,
          completionIds,
        });
      },
      inferenceId,
    );
  } catch (error) {
    if (error instanceof AttributionStoppedError) await resetAttributionEngine();
    throw error;
  }
};
