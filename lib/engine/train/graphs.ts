import { gradient } from '../autodiff/gradient.ts';
import { type BuiltGraph, Graph, sizeOf, type Value } from '../graph/builder.ts';
import { concat, expand, gather, mul, reshape, split, sumAll } from '../graph/ops.ts';
import { scaledLayout, withDropout } from '../lora/dropout.ts';
import { rowLoraHook, sharedLoraHook } from '../lora/hook.ts';
import type { AdapterLayout } from '../lora/layout.ts';
import { trainingLoraHook } from '../lora/training-hook.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { type BatchShape, headLosses, type LinearHook, languageHead, llamaStates } from '../nn/llama.ts';
import { packedContext } from '../nn/packed-context.ts';
import { parameterCount, weightSpecs } from '../nn/weights.ts';
import { type AdamWConfig, type AdamWState, adamW } from '../optim/adamw.ts';
import { type MuonConfig, muon } from '../optim/muon.ts';

/**
 * The graphs of training. All of them take `ids`, `labels` (i32) and `lossWeights` (f32), each [B*T] row major; a
 * weight of 0 leaves a position out. The loss is sum(lossWeights * nll): the caller decides the normalisation.
 */
type Batch = { ids: Value; labels: Value; lossWeights: Value; shape: BatchShape; segments: Value | null };

/** What a training graph may do besides: its feeds are then those of a packed micro-batch, or one with dropout masks. */
export type GraphForm = { isPacked?: boolean; hasDropout?: boolean };

/** Full training. In: theta, m, v (flat, order of `weightSpecs`). Out: the next theta, m, v, `loss`, `gradNorm`. */
export function fullTrainingGraph(
  config: LlamaConfig,
  shape: BatchShape,
  optimizer: AdamWConfig | MuonConfig,
): BuiltGraph {
  const graph = new Graph('full-training');
  const specs = weightSpecs(config);
  const total = parameterCount(config);
  const state = stateInputs(graph, total);
  const batch = batchInputs(graph, shape);
  const loss = weightedLoss(config, batch, flatWeights(config, state.theta));
  const [direction] = gradient(loss, [state.theta]);
  const decayed = new Float32Array(total);
  decayed.fill(
    1,
    0,
    specs.filter((spec) => spec.shape.length > 1).reduce((sum, spec) => sum + sizeOf(spec.shape), 0),
  );
  const decayMask = graph.constant('f32', [total], decayed);
  // Muon is for the hidden matrices; the vocabulary's rows are no linear map and stay with AdamW.
  const tensors = specs.map(({ name, shape }) => ({ shape, isMuon: shape.length === 2 && name.includes('.layers.') }));
  const next =
    'momentum' in optimizer
      ? muon(graph, state, direction!, optimizer, tensors, decayMask)
      : adamW(graph, state, direction!, optimizer, decayMask);
  return finishStep(graph, loss, next);
}

/** LoRA training. In: the frozen weights by name, theta [P] of the adapter. Out: `gradient` [P] and `loss`. */
export function loraGradientGraph(
  config: LlamaConfig,
  layout: AdapterLayout,
  shape: BatchShape,
  form: GraphForm = {},
): BuiltGraph {
  const graph = new Graph('lora-gradient');
  const weight = namedWeights(graph, config);
  const theta = graph.input('theta', 'f32', [layout.length], true);
  const batch = batchInputs(graph, shape, form);
  const hook = trainingHook(graph, layout, form, theta, theta);
  const loss = weightedLoss(config, batch, weight, hook);
  const [direction] = gradient(loss, [theta]);
  graph.output('gradient', direction!);
  graph.output('loss', loss);
  return graph.build();
}

/** Evaluation. In: frozen weights, and theta when a layout is given. Out: `losses` [B*T], already weighted. */
export function lossGraph(
  config: LlamaConfig,
  layout: AdapterLayout | null,
  shape: BatchShape,
  form: GraphForm = {},
): BuiltGraph {
  const graph = new Graph('loss');
  const weight = namedWeights(graph, config);
  const theta = layout && graph.input('theta', 'f32', [layout.length]);
  const hook = layout && theta ? trainingLoraHook(layout, theta, theta) : undefined;
  graph.output('losses', weightedLosses(config, batchInputs(graph, shape, form), weight, hook));
  return graph.build();
}

/** Next-token scores. In: frozen weights, theta with a layout, `ids` [T], `position` [1]. Out: `logits` [1, V] there. */
export function nextTokenGraph(config: LlamaConfig, layout: AdapterLayout | null, time: number): BuiltGraph {
  const graph = new Graph('next-token');
  const weight = namedWeights(graph, config);
  const theta = layout && graph.input('theta', 'f32', [layout.length]);
  const linear = layout && theta ? sharedLoraHook(layout, theta) : undefined;
  const ids = graph.input('ids', 'i32', [time]);
  const parts = { config, weight, linear };
  const last = gather(llamaStates(parts, ids, { batch: 1, time }), graph.input('position', 'i32', [1]));
  graph.output('logits', languageHead(parts, last));
  return graph.build();
}

/**
 * Per-example gradients at the cost of one training step.
 *
 * In: frozen weights, theta [P], batch. Out: `gradients` [B, P], row b = d(weighted loss of sequence b)/d theta, and
 * `losses` [B*T], weighted. Parts may be restricted to B ("A adds nothing", attribution.md): then [B, P_B], in layout order.
 */
export function perExampleGradientGraph(
  config: LlamaConfig,
  layout: AdapterLayout,
  shape: BatchShape,
  parts: 'A+B' | 'B' = 'A+B',
  form: GraphForm = {},
): BuiltGraph {
  const graph = new Graph('per-example-gradients');
  const weight = namedWeights(graph, config);
  const theta = graph.input('theta', 'f32', [layout.length], true);
  const rows = expand(reshape(theta, [1, layout.length]), [shape.batch, layout.length]);
  const hook = trainingHook(graph, layout, form, theta, rows);
  const losses = weightedLosses(config, batchInputs(graph, shape, form), weight, hook);
  const [gradients] = gradient(sumAll(losses), [rows]);
  graph.output('gradients', parts === 'B' ? keepB(layout, gradients!) : gradients!);
  graph.output('losses', losses);
  return graph.build();
}

/** Number of scalars of all B matrices: the width of `gradients` with parts 'B'. */
export function lengthOfB(layout: AdapterLayout): number {
  return layout.entries.reduce((sum, entry) => sum + (entry.part === 'B' ? entry.length : 0), 0);
}

/** Per-example gradients [B, P] -> the entries of the B matrices, [B, P_B]. */
export function keepB(layout: AdapterLayout, gradients: Value): Value {
  const sizes = layout.entries.map((entry) => entry.length);
  const pieces = split(gradients, sizes, 1);
  return concat(
    pieces.filter((_, i) => layout.entries[i]!.part === 'B'),
    1,
  );
}

function weightedLosses(
  config: LlamaConfig,
  batch: Batch,
  weight: (name: string) => Value,
  linear?: LinearHook,
): Value {
  const { ids, shape, segments } = batch;
  const context = segments ? packedContext(ids.graph, config, shape, segments) : undefined;
  const parts = { config, weight, linear };
  return mul(headLosses(parts, llamaStates(parts, ids, shape, context), batch.labels), batch.lossWeights);
}

function weightedLoss(config: LlamaConfig, batch: Batch, weight: (name: string) => Value, linear?: LinearHook): Value {
  return sumAll(weightedLosses(config, batch, weight, linear));
}

/**
 * The hook of a training graph; with dropout each adapted layer gets an input for its mask and a branch of its own. `leaf` is theta [P], or its rows [B, P] for a gradient per example.
 */
export function trainingHook(
  graph: Graph,
  layout: AdapterLayout,
  { hasDropout }: GraphForm,
  theta: Value,
  leaf: Value,
): LinearHook {
  if (!hasDropout) return trainingLoraHook(layout, theta, leaf);
  const scaled = scaledLayout(layout);
  const hook = leaf === theta ? sharedLoraHook(scaled, theta) : rowLoraHook(scaled, leaf);
  return withDropout(layout, hook, (name, shape) => graph.input(name, 'bool', shape));
}

function batchInputs(graph: Graph, shape: BatchShape, { isPacked }: GraphForm = {}): Batch {
  const rows = shape.batch * shape.time;
  return {
    ids: graph.input('ids', 'i32', [rows]),
    labels: graph.input('labels', 'i32', [rows]),
    lossWeights: graph.input('lossWeights', 'f32', [rows]),
    segments: isPacked ? graph.input('segments', 'i32', [rows]) : null,
    shape,
  };
}

function stateInputs(graph: Graph, length: number): AdamWState {
  return {
    theta: graph.input('theta', 'f32', [length], true),
    m: graph.input('m', 'f32', [length]),
    v: graph.input('v', 'f32', [length]),
  };
}

/** Frozen weights as graph inputs: one set of arrays then serves every session and shape. */
function namedWeights(graph: Graph, config: LlamaConfig): (name: string) => Value {
  const values = new Map(weightSpecs(config).map(({ name, shape }) => [name, graph.input(name, 'f32', shape)]));
  return (name) => values.get(name)!;
}

function flatWeights(config: LlamaConfig, theta: Value): (name: string) => Value {
  const specs = weightSpecs(config);
  const pieces = split(
    theta,
    specs.map((spec) => sizeOf(spec.shape)),
    0,
  );
  const values = new Map(specs.map(({ name, shape }, i) => [name, reshape(pieces[i]!, shape)]));
  return (name) => values.get(name)!;
}

function finishStep(graph: Graph, loss: Value, next: AdamWState & { gradNorm: Value }): BuiltGraph {
  graph.output('nextTheta', next.theta);
  graph.output('nextM', next.m);
  graph.output('nextV', next.v);
  graph.output('loss', loss);
  graph.output('gradNorm', next.gradNorm);
  return graph.build();
}
