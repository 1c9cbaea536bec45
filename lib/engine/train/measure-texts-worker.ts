import { adapterLayout } from '../lora/layout.ts';
import { serveWorkerJob } from '../runtime/serve-worker-job.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { loadBaseModel } from './base-model.ts';
import { createStepEngine } from './create-step-engine.ts';
import { rowLosses } from './evaluate-loss.ts';
import type { MeasureTextsInput, TextLoss } from './measure-texts.ts';
import { prepareExamples } from './prepare-examples.ts';

/** Thread entry of measure-texts.ts. */
async function* measure({ modelDir, rows, maxTokens, threads }: MeasureTextsInput): AsyncGenerator<TextLoss[]> {
  const base = await loadBaseModel(modelDir);
  const context = base.config.max_position_embeddings;
  const options = { maxSeqLength: Math.min(maxTokens, context), lossOn: 'all' as const };
  const { examples } = prepareExamples(base.tokenizer, rows, options, 'texts');
  const sessions = new SessionCache(12, { threads });
  // The shape of an adapter names the graphs; none is applied.
  const layout = adapterLayout(base.config, { r: 1, loraAlpha: 1, loraDropout: 0, targetModules: ['v_proj'] });
  const losses = await rowLosses(createStepEngine({ base, layout, sessions }), null, examples, context);
  await sessions.release();
  yield examples.map(({ id, lossTokens }, i) => ({ id, tokens: lossTokens, loss: losses[i]! / lossTokens }));
}

await serveWorkerJob(measure);
