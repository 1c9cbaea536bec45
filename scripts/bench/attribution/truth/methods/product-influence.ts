import { join } from 'node:path';
import { buildIndex } from '#lib/engine/attribution/build-index.ts';
import { loadAdaptedModel } from '#lib/engine/attribution/gradient-source.ts';
import { readIndex } from '#lib/engine/attribution/read-index.ts';
import { scoreInference } from '#lib/engine/attribution/score-inference.ts';
import { writeAdapter } from '#lib/engine/io/peft.ts';
import type { Method, MethodInput } from './method.ts';

/** The product's own way: an index on disk, int8 codes, the exact scan. Fixed-point nats as they leave the engine. */
export const productInfluence = byIndex('ours', ({ theta }) => theta);

/**
 * An experiment that the product does not take over: index and answer's gradient where the training stood after two fifths of
 * its steps. Where rows are known by heart at the end, as the planted facts are, their gradients there are small and mostly
 * noise, and the earlier ones say more; on real rows that a short run leaves half learnt they say less.
 */
export const earlyInfluence = byIndex(
  'ours, experiment: at two fifths of the training',
  ({ checkpoints }) => checkpoints[Math.round(0.4 * checkpoints.length) - 1]!.theta,
);

function byIndex(name: string, adapterOf: (input: MethodInput) => Float32Array): Method {
  return {
    name,
    score: async (input) => {
      // The index has to cut rows where training cut them, which the product reads in the run's manifest.
      const { base, layout, sessions, maxSeqLength } = input.trainer;
      const adapterDir = join(input.folder, name.replaceAll(/\W+/g, '-'));
      const outFile = `${adapterDir}.index`;
      await writeAdapter(adapterDir, { layout, theta: adapterOf(input), baseModelName: null });
      const model = await loadAdaptedModel(base, adapterDir);
      const progress = { onProgress: () => {}, isStopped: () => false };
      await buildIndex(
        model,
        sessions,
        { adapterDir, examples: input.examples, outFile, maxSeqLength, reach: input.reach, start: String(input.seed) },
        progress,
      );
      const index = await readIndex(outFile);
      const scores: Float64Array[] = [];
      for (const answer of input.answers) {
        const scored = await scoreInference(model, sessions, index, answer);
        scores.push(Float64Array.from(scored.scores, Number));
      }
      return scores;
    },
  };
}
