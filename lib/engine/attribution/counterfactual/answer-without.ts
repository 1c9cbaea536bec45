import { SessionCache } from '../../runtime/session-cache.ts';
import { type ChatMessage, renderChat, stopIds } from '../../tokenizer/chat.ts';
import { planAdapterTraining } from '../../train/adapter-plan.ts';
import { type BaseModel, loadBaseModel } from '../../train/base-model.ts';
import { timeBucket, toMicroBatch } from '../../train/batches.ts';
import { createStepEngine } from '../../train/create-step-engine.ts';
import { createSampler } from '../../train/generate.ts';
import type { TrainingExample } from '../../train/prepare-examples.ts';
import type { Recipe } from '../../train/recipe.ts';
import { Retrainer } from '../certificate/retrainer.ts';
import { type AdaptedModel, loadAdaptedModel } from '../gradient-source.ts';
import { prepareAnswer } from '../query-codes.ts';

export type WithoutInput = {
  modelDir: string;
  adapterDir: string;
  /** The conversation as it was asked, rows that were read included, and without those that are left out. */
  asked: ChatMessage[];
  without: ChatMessage[];
  /** The answer that was given, as the tokens that were logged. */
  completionIds: number[];
  maxTokens: number;
  /**
   * What the weights become: those of the adapter (only rows that were read are left out), those of the base (every row is), or
   * those that the same training gives without some rows.
   */
  weights: 'adapter' | 'base' | { retrain: Retraining };
};

export type Retraining = {
  train: TrainingExample[];
  heldOut: TrainingExample[];
  recipe: Recipe;
  datasetRoot: string;
  /** Ids of rows to leave out; those that were not trained on change nothing. */
  leftOut: string[];
};

export type WithoutEvent =
  | { type: 'progress'; stage: 'answering' | 'training' }
  | {
      type: 'answered';
      /** Greedy answers, so that nothing but the sources differs between them. */
      before: string;
      after: string;
      /** log p of the answer that was given, micro-nats, with and without. */
      beforeMicroNats: number;
      afterMicroNats: number;
      /** Rows that the training went without. */
      rowsLeftOut: number;
    };

/**
 * What a model says without some of its sources, and how likely it then finds the answer that it gave: measured, not estimated. The
 * retraining has the same start, order, steps and token budget, so that leaving rows out takes away their cause and nothing else.
 * Blocks its thread: call `answerWithoutInThread`.
 *
 * @throws AttributionStoppedError; TrainingError; what `loadBaseModel` and `loadAdaptedModel` throw
 */
export async function* answerWithout(input: WithoutInput, isStopped: () => boolean): AsyncGenerator<WithoutEvent> {
  yield { type: 'progress', stage: 'answering' };
  const model = await loadAdaptedModel(await loadBaseModel(input.modelDir), input.adapterDir);
  const before = await sayAndMeasure(model, model.adapter.theta, input.asked, input);
  const { weights } = input;
  let theta: Float32Array | null = weights === 'base' ? null : model.adapter.theta;
  let rowsLeftOut = 0;
  if (typeof weights === 'object') {
    yield { type: 'progress', stage: 'training' };
    ({ theta, rowsLeftOut } = await trainWithout(input, weights.retrain, isStopped));
  }
  const after = await sayAndMeasure(model, theta, input.without, input);
  yield {
    type: 'answered',
    ...{ before: before.text, beforeMicroNats: before.microNats },
    ...{ after: after.text, afterMicroNats: after.microNats, rowsLeftOut },
  };
}

async function trainWithout(
  { modelDir, adapterDir }: WithoutInput,
  { train, heldOut, recipe, datasetRoot, leftOut }: Retraining,
  isStopped: () => boolean,
): Promise<{ theta: Float32Array; rowsLeftOut: number }> {
  const place = { modelDir, outDir: adapterDir, recipe, threads: 1 };
  const plan = await planAdapterTraining({ ...place, train, evaluation: heldOut, datasetRoot });
  const gone = new Set(leftOut);
  const weights = Float64Array.from(plan.train.examples, ({ id }) => (gone.has(id) ? 0 : 1));
  const sessions = new SessionCache(16, plan);
  try {
    const theta = await new Retrainer(plan, sessions, isStopped).train(weights);
    return { theta, rowsLeftOut: weights.reduce((sum, weight) => sum + 1 - weight, 0) };
  } finally {
    await sessions.release();
  }
}

/** The greedy answer of these weights (null: the base alone), and log p of the answer that was given. */
async function sayAndMeasure(
  { base, adapter: { layout } }: AdaptedModel,
  theta: Float32Array | null,
  messages: readonly ChatMessage[],
  { completionIds, maxTokens }: WithoutInput,
): Promise<{ text: string; microNats: number }> {
  const promptIds = renderChat(base.tokenizer, messages, { addGenerationPrompt: true }).ids;
  const sampler = await createSampler(base.config, theta && layout, 1);
  try {
    const fixed = { maxTokens, temperature: 0, stopIds: stopIds(base.tokenizer), seed: '' };
    const ids = await sampler.continue(base.weights, theta, { promptIds, ...fixed });
    const microNats = await logLikelihood(base, layout, theta, { promptIds, completionIds });
    return { text: base.tokenizer.decode(ids), microNats };
  } finally {
    await sampler.release();
  }
}

async function logLikelihood(
  base: BaseModel,
  layout: AdaptedModel['adapter']['layout'],
  theta: Float32Array | null,
  answer: { promptIds: number[]; completionIds: number[] },
): Promise<number> {
  const context = base.config.max_position_embeddings;
  const example = prepareAnswer(answer, context);
  const sessions = new SessionCache(2, { threads: 1 });
  try {
    const batch = { rows: [0], time: timeBucket(example.ids.length, context) };
    const engine = createStepEngine({ base, layout, sessions });
    const losses = await engine.losses(theta, toMicroBatch([example], batch, 1, 1));
    let nats = 0;
    for (let t = 0; t < example.mask.length; t++) if (example.mask[t]) nats -= losses[t]!;
    return Math.round(nats * 1e6);
  } finally {
    await sessions.release();
  }
}
