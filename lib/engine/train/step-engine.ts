import type { AdapterLayout } from '../lora/layout.ts';
import type { ScopeOfB } from '../lora/layout-part.ts';
import type { Weights } from '../lora/merged-weights.ts';
import type { SessionCache } from '../runtime/session-cache.ts';
import type { BaseModel } from './base-model.ts';
import type { MicroBatch } from './batches.ts';

/**
 * The numbers that LoRA training and attribution ask of a base with an adapter. Both implementations compute the same
 * function and are compared in tests; they differ in memory and in how many graphs a pass takes.
 *
 * The loss of a micro-batch is sum(lossWeights * nll): the caller decides the normalisation. Results are valid until the
 * next call. `theta` is the adapter, [P]. Every call blocks its thread.
 */
export interface StepEngine {
  /** Adds d loss/d theta to `sum` [P] and returns the loss: several calls accumulate one optimiser step's gradient. */
  addGradient(theta: Float32Array, batch: MicroBatch, sum: Float32Array): Promise<number>;

  /**
   * One gradient per row: [B, P], or with parts 'B' the entries of the LoRA B matrices alone, [B, P_B] in layout order;
   * and the weighted losses [B*T].
   */
  exampleGradients(
    theta: Float32Array,
    batch: MicroBatch,
    parts: 'A+B' | 'B',
  ): Promise<{ gradients: Float32Array; losses: Float32Array }>;

  /**
   * As `exampleGradients` with parts 'B', of some B matrices alone: [B, length of the scope]. Cheaper by the backward pass
   * through what lies below them. Not for packed rows.
   * @param merged the base's weights with the adapter's layers below the scope in them, where the caller keeps these
   */
  topGradients(
    theta: Float32Array,
    batch: MicroBatch,
    scope: ScopeOfB,
    merged?: Weights,
  ): Promise<{ gradients: Float32Array; losses: Float32Array }>;

  /**
   * Gradients as `topGradients` gives them, of the same rows with several labellings [B*T] in place of the batch's, at the cost of one
   * forward pass.
   * @returns [B, length of the scope] each
   */
  labelledGradients(
    theta: Float32Array,
    batch: MicroBatch,
    labellings: readonly Int32Array[],
    options: { scope: ScopeOfB; merged?: Weights | undefined },
  ): Promise<Float32Array[]>;

  /**
   * Labels drawn from the model's own predictions where the batch carries loss, see `drawLabels`. Not for packed rows.
   * @returns [B*T] each
   */
  drawLabels(theta: Float32Array, batch: MicroBatch, draws: LabelDraws): Promise<Int32Array[]>;

  /** Weighted losses [B*T]. @param theta null: the base alone */
  losses(theta: Float32Array | null, batch: MicroBatch): Promise<Float32Array>;
}

/** How many labels are drawn of each position, and with which numbers, uniform in [0, 1). */
export type LabelDraws = { count: number; random: () => number };

/** What an engine works on. Sessions are shared between engines: their keys name the base and the LoRA shapes. */
export type StepEngineInput = {
  base: Pick<BaseModel, 'config' | 'weights' | 'sha256'>;
  layout: AdapterLayout;
  sessions: SessionCache;
};
