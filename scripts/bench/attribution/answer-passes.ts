import type { ModelPlace } from '#lib/engine/attribution/attribution-service.ts';
import { baseLosses, exampleGradients, loadAdaptedModel } from '#lib/engine/attribution/gradient-source.ts';
import { prepareAnswer } from '#lib/engine/attribution/query-codes.ts';
import { SessionCache } from '#lib/engine/runtime/session-cache.ts';
import { loadBaseModel } from '#lib/engine/train/base-model.ts';
import { timeBucket } from '#lib/engine/train/batches.ts';
import type { BenchContext } from '../main.ts';
import { interleave } from '../measure.ts';
import type { AnswerCost } from './answer-cost.ts';

/**
 * What any attribution by an answer's gradient has to pay before it looks at a row: the tokens once through the base, and back to the B
 * matrices of the last layer alone. Nothing is asked of it: it says how near to its bound the whole can come on this base.
 */
export async function measureAnswerPasses(
  { emit, rounds }: BenchContext,
  place: ModelPlace,
  { alone, answers }: AnswerCost,
): Promise<void> {
  const base = await loadBaseModel(place.modelDir);
  const model = await loadAdaptedModel(base, place.adapterDir);
  const context = base.config.max_position_embeddings;
  const example = prepareAnswer(answers[0]!, context);
  const batch = { rows: [0], time: timeBucket(example.ids.length, context) };
  const { lora } = model.adapter.layout;
  const last = { firstLayer: base.config.num_hidden_layers - 1, modules: lora.targetModules };
  const sessions = new SessionCache(4, { threads: 1 });
  const { forward, least } = await interleave(
    {
      forward: () => baseLosses(model, sessions, example),
      least: () => exampleGradients(model, sessions, last, [example], batch, 1),
    },
    rounds,
  );
  await sessions.release();
  const peer = { name: 'the answer, served alone', value: alone * 1000 };
  const inMs = (seconds: number) => ({ value: seconds * 1000, unit: 'cpu-ms', peer });
  emit({ case: 'its tokens once through the base', ...inMs(forward.cpuSeconds) });
  emit({ case: 'the same, and the gradient of the last layer', ...inMs(least.cpuSeconds) });
}
