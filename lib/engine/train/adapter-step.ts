import { type BuiltGraph, Graph } from '../graph/builder.ts';
import { type AdamWConfig, adamCorrections, adamW } from '../optim/adamw.ts';
import type { SessionCache } from '../runtime/session-cache.ts';
import type { MicroBatch } from './batches.ts';
import type { OptimizerState } from './optimizer-state.ts';
import type { StepEngine } from './step-engine.ts';

/** Where in the run a step stands: `step` counts from 1 and decides Adam's bias corrections. */
export type StepTime = { step: number; learningRate: number };

/**
 * Optimiser steps of an adapter: gradients from an engine, AdamW as a graph of its own, so that accumulated, clipped
 * or noised gradients all end in the same update.
 */
export class AdapterStepper {
  private readonly engine: StepEngine;
  private readonly optimizer: AdamWConfig;
  private readonly sessions: SessionCache;
  private readonly gradient: Float32Array;

  constructor(engine: StepEngine, length: number, optimizer: AdamWConfig, sessions: SessionCache) {
    this.engine = engine;
    this.optimizer = optimizer;
    this.sessions = sessions;
    this.gradient = new Float32Array(length);
  }

  /**
   * One step on the summed loss of the micro-batches.
   * @throws TrainingError training_diverged; the state is then the one before the step
   */
  async step(
    state: OptimizerState,
    batches: Iterable<MicroBatch>,
    at: StepTime,
  ): Promise<{ loss: number; gradNorm: number }> {
    this.gradient.fill(0);
    let loss = 0;
    for (const batch of batches) loss += await this.engine.addGradient(state.theta, batch, this.gradient);
    return { loss, gradNorm: await this.apply(state, this.gradient, loss, at) };
  }

  /** Clipping and AdamW with a gradient [P] from elsewhere; returns its norm before clipping. Throws as `step` does. */
  async apply(
    state: OptimizerState,
    gradient: Float32Array,
    loss: number,
    { step, learningRate }: StepTime,
  ): Promise<number> {
    const { optimizer } = this;
    const build = () => updateGraph(gradient.length, optimizer);
    const session = await this.sessions.get(`adamw|${gradient.length}|${JSON.stringify(optimizer)}`, build);
    const scalars = { ...adamCorrections(optimizer, step), learningRate: Float32Array.of(learningRate) };
    return state.update(session, { ...scalars, gradient }, loss);
  }
}

/** In: theta, m, v, `gradient` (each [P]) and AdamW's scalars. Out: the next theta, m, v and `gradNorm`. */
function updateGraph(length: number, optimizer: AdamWConfig): BuiltGraph {
  const graph = new Graph('adamw');
  const [theta, m, v, gradient] = ['theta', 'm', 'v', 'gradient'].map((name) => graph.input(name, 'f32', [length]));
  const next = adamW(graph, { theta: theta!, m: m!, v: v! }, gradient!, optimizer);
  graph.output('nextTheta', next.theta);
  graph.output('nextM', next.m);
  graph.output('nextV', next.v);
  graph.output('gradNorm', next.gradNorm);
  return graph.build();
}
