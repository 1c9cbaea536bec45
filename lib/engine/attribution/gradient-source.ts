import { join } from 'node:path';
import { type LoadedAdapter, readAdapter } from '../io/peft.ts';
import type { AdapterLayout } from '../lora/layout.ts';
import { layoutPart, type ScopeOfB, scopedLayout } from '../lora/layout-part.ts';
import { mergedWeights, type Weights } from '../lora/merged-weights.ts';
import type { SessionCache } from '../runtime/session-cache.ts';
import type { BaseModel } from '../train/base-model.ts';
import { type Batch, type MicroBatch, timeBucket, toMicroBatch } from '../train/batches.ts';
import { sha256OfFile } from '../train/checkpoint.ts';
import { createStepEngine, isMonolithic } from '../train/create-step-engine.ts';
import type { PreparedExample } from '../train/prepare-examples.ts';
import type { LabelDraws } from '../train/step-engine.ts';

/** A base with an adapter on it, identified by content. */
export type AdaptedModel = { base: BaseModel; adapter: LoadedAdapter; adapterSha256: string };

/** @throws the errors of `readAdapter` */
export async function loadAdaptedModel(base: BaseModel, adapterDir: string): Promise<AdaptedModel> {
  const adapter = await readAdapter(adapterDir, base.config);
  return { base, adapter, adapterSha256: await sha256OfFile(join(adapterDir, 'adapter_model.safetensors')) };
}

/** The B matrices whose gradients count; 'all' of them, computed as the first method did. */
export type GradientScope = ScopeOfB | 'all';

/** Those matrices, one after the other as the gradients have them. */
export function attributedLayout(layout: AdapterLayout, scope: GradientScope): AdapterLayout {
  const everything = { firstLayer: 0, modules: layout.lora.targetModules };
  return scopedLayout(layout, scope === 'all' ? everything : scope);
}

/**
 * Gradients of the examples' summed answer losses with respect to LoRA B matrices, one row an example. The influence is a
 * product of two gradients, so that loss in place of log likelihood changes no sign.
 *
 * @returns gradients [rows, P_B] and the losses [rows, time] of the batch, both valid until the next call
 */
export function exampleGradients(
  model: AdaptedModel,
  sessions: SessionCache,
  scope: GradientScope,
  examples: readonly PreparedExample[],
  batch: Batch,
  batchSize: number,
): Promise<{ gradients: Float32Array[]; losses: Float32Array }> {
  return batchGradients(model, sessions, scope, toMicroBatch(examples, batch, batchSize, 1), batch.rows.length);
}

/** As `exampleGradients`, of the first `rows` lines of a batch that is ready. */
export async function batchGradients(
  { base, adapter }: AdaptedModel,
  sessions: SessionCache,
  scope: GradientScope,
  batch: MicroBatch,
  rows: number,
): Promise<{ gradients: Float32Array[]; losses: Float32Array }> {
  const { layout, theta } = adapter;
  const engine = createStepEngine({ base, layout, sessions });
  const { gradients, losses } = await (scope === 'all'
    ? engine.exampleGradients(theta, batch, 'B')
    : engine.topGradients(theta, batch, scope, mergedBelow({ base, adapter }, scope.firstLayer)));
  const { length } = attributedLayout(layout, scope);
  return {
    gradients: Array.from({ length: rows }, (_, i) => gradients.subarray(i * length, (i + 1) * length)),
    losses,
  };
}

/** As `batchGradients`, with several labellings [B*T] in place of the batch's: the gradients of each, valid until the next call. */
export async function labelledGradients(
  { base, adapter }: AdaptedModel,
  sessions: SessionCache,
  scope: ScopeOfB,
  batch: MicroBatch,
  labellings: readonly Int32Array[],
): Promise<Float32Array[]> {
  const { layout, theta } = adapter;
  const engine = createStepEngine({ base, layout, sessions });
  const merged = mergedBelow({ base, adapter }, scope.firstLayer);
  return engine.labelledGradients(theta, batch, labellings, { scope, merged });
}

/** Labels that the model itself gives where a batch carries loss, [B*T] a draw. */
export function drawnLabels(
  { base, adapter: { layout, theta } }: AdaptedModel,
  sessions: SessionCache,
  batch: MicroBatch,
  draws: LabelDraws,
): Promise<Int32Array[]> {
  return createStepEngine({ base, layout, sessions }).drawLabels(theta, batch, draws);
}

/** Made once an adapter and depth, as large as that part of the base: merging anew would cost 3 % of an answer's gradient. */
const merged = new WeakMap<LoadedAdapter, Map<number, Weights>>();

function mergedBelow(
  { base, adapter }: Pick<AdaptedModel, 'base' | 'adapter'>,
  firstLayer: number,
): Weights | undefined {
  if (!isMonolithic(base.config)) return undefined;
  const kept = merged.get(adapter) ?? new Map<number, Weights>();
  merged.set(adapter, kept);
  const weights =
    kept.get(firstLayer) ?? mergedWeights(base.weights, layoutPart(adapter.layout, 0, firstLayer), adapter.theta);
  kept.set(firstLayer, weights);
  return weights;
}

/** Losses of one example under the bare base, per position. */
export function baseLosses(
  { base, adapter: { layout } }: AdaptedModel,
  sessions: SessionCache,
  example: PreparedExample,
): Promise<Float32Array> {
  const time = timeBucket(example.ids.length, base.config.max_position_embeddings);
  const engine = createStepEngine({ base, layout, sessions });
  return engine.losses(null, toMicroBatch([example], { rows: [0], time }, 1, 1));
}
