import { join } from 'node:path';
import { buildIndex } from '#lib/engine/attribution/build-index.ts';
import { loadAdaptedModel } from '#lib/engine/attribution/gradient-source.ts';
import { readIndex } from '#lib/engine/attribution/read-index.ts';
import { scoreInference } from '#lib/engine/attribution/score-inference.ts';
import { writeAdapter } from '#lib/engine/io/peft.ts';
import type { Method } from './method.ts';

/** The product's own way: an index on disk, int8 codes, the exact scan. Fixed-point nats as they leave the engine. */
export const productInfluence: Method = {
  name: 'ours',
  family: 'ours',
  score: async ({ trainer, theta, examples, answers, folder }) => {
    const { base, layout, sessions } = trainer;
    const adapterDir = join(folder, 'adapter');
    await writeAdapter(adapterDir, { layout, theta, baseModelName: null });
    const model = await loadAdaptedModel(base, adapterDir);
    const outFile = join(folder, 'adapter.index');
    const progress = { onProgress: () => {}, isStopped: () => false };
    await buildIndex(model, sessions, { adapterDir, examples, outFile }, progress);
    const index = await readIndex(outFile);
    const scores: Float64Array[] = [];
    for (const answer of answers) {
      const scored = await scoreInference(model, sessions, index, answer);
      scores.push(Float64Array.from(scored.scores, Number));
    }
    return scores;
  },
};
