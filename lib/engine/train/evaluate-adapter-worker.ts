import { readAdapter } from '../io/peft.ts';
import { serveWorkerJob } from '../runtime/serve-worker-job.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { loadBaseModel } from './base-model.ts';
import { createStepEngine } from './create-step-engine.ts';
import type { AdapterEvaluation, EvaluateAdapterInput, NextTokenProbe } from './evaluate-adapter.ts';
import { rowLosses } from './evaluate-loss.ts';
import { type PreparedExample, prepareExamples } from './prepare-examples.ts';

/** Thread entry of evaluate-adapter.ts. */
async function* evaluate(input: EvaluateAdapterInput): AsyncGenerator<AdapterEvaluation> {
  const base = await loadBaseModel(input.modelDir);
  const { layout, theta } = await readAdapter(input.adapterDir, base.config);
  const context = base.config.max_position_embeddings;
  const options = {
    maxSeqLength: Math.min(input.recipe.maxSeqLength, context),
    lossOn: input.recipe.lossOn,
  };
  const { examples, skipped, sha256 } = prepareExamples(base.tokenizer, input.rows, options, 'evaluation set');
  const sessions = new SessionCache(12, { threads: input.threads });
  const engine = createStepEngine({ base, layout, sessions });
  const baseLosses = await rowLosses(engine, null, examples, context);
  const tunedLosses = await rowLosses(engine, theta, examples, context);
  await sessions.release();
  yield {
    rows: examples.map(({ id, lossTokens }, row) => ({
      id,
      tokens: lossTokens,
      baseLoss: baseLosses[row]! / lossTokens,
      tunedLoss: tunedLosses[row]! / lossTokens,
    })),
    probes: examples.flatMap((example) => probesOf(example, input.probesARow)),
    skipped,
    sealedSha256: sha256,
  };
}

/** Evenly chosen places among the tokens that count. */
function probesOf({ id, ids, labels, mask }: PreparedExample, count: number): NextTokenProbe[] {
  const places = Array.from(mask.keys()).filter((t) => mask[t] === 1);
  const chosen = Array.from({ length: Math.min(count, places.length) }, (_, i) =>
    Math.floor(((i + 0.5) * places.length) / Math.min(count, places.length)),
  );
  return chosen.map((at) => {
    const t = places[at]!;
    return { id, promptIds: Array.from(ids.subarray(0, t + 1)), expected: labels[t]! };
  });
}

await serveWorkerJob(evaluate);
