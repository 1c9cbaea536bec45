import { gradient } from '../autodiff/gradient.ts';
import { type BuiltGraph, Graph, type Value } from '../graph/builder.ts';
import { concat, expand, mul, reshape, split, sumAll } from '../graph/ops.ts';
import type { AdapterLayout } from '../lora/layout.ts';
import { isInScope, layoutPart, type ScopeOfB } from '../lora/layout-part.ts';
import { trainingLoraHook } from '../lora/training-hook.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { type BatchShape, causalContext, headLosses, llamaBlock } from '../nn/llama.ts';
import { weightSpecs } from '../nn/weights.ts';

/** Which gradients: of some B matrices, of the loss at `width` positions a row, see `lossPositions`, and for how many labellings of them. */
export type TopGradients = { scope: ScopeOfB; width: number; labellings: number };

/**
 * Per-example gradients of some of the last layers' B matrices alone. What lies below has been computed by `statesGraph`;
 * the last block's feed-forward part and the head are computed where there is loss and nowhere else: a long prompt costs
 * neither.
 *
 * In: the weights of the layers from the scope's first one on, final norm and head, `states` [B*T, d] before that layer,
 * `theta` of those layers, and `at`, `lossWeights`, [B * width] each, `labels` [labellings * B * width], `back` [B*T]. Out:
 * `gradients` [labellings * B, length of the scope], `losses` [labellings * B * width], weighted. All labellings share the forward pass.
 */
export function topGradientGraph(
  config: LlamaConfig,
  layout: AdapterLayout,
  shape: BatchShape,
  { scope, width, labellings }: TopGradients,
): BuiltGraph {
  const graph = new Graph('top-gradients');
  const weights = new Map<string, Value>();
  const weight = (name: string): Value => {
    const { shape } = weightSpecs(config).find((spec) => spec.name === name)!;
    const value = weights.get(name) ?? graph.input(name, 'f32', shape);
    weights.set(name, value);
    return value;
  };
  const positions = (name: string, count: number): Value => graph.input(name, 'i32', [count]);
  const chosen = { at: positions('at', shape.batch * width), back: positions('back', shape.batch * shape.time) };
  const each = shape.batch * width;
  const labels = split(positions('labels', labellings * each), new Array<number>(labellings).fill(each), 0);
  const lossWeights = graph.input('lossWeights', 'f32', [each]);
  const { num_hidden_layers: layers, hidden_size: d } = config;
  const top = layoutPart(layout, scope.firstLayer, layers);
  const { linear, wanted } = adaptedTop(graph, top, shape.batch, scope);
  const parts = { config, weight, linear };
  const context = causalContext(graph, config, shape.time);
  let x = graph.input('states', 'f32', [shape.batch * shape.time, d]);
  for (let layer = scope.firstLayer; layer < layers; layer++) {
    x = llamaBlock(parts, layer, x, shape, context, layer === layers - 1 ? chosen : undefined);
  }
  const losses = labels.map((own) => mul(headLosses(parts, x, own), lossWeights));
  const gradients = losses.map((own) => concat(gradient(sumAll(own), wanted), 1));
  graph.output('gradients', concat(gradients, 0));
  graph.output('losses', concat(losses, 0));
  return graph.build();
}

/** The adapter's hook on the top layers, and the leaves of the scope, one row a sequence. */
function adaptedTop(graph: Graph, top: AdapterLayout, batch: number, scope: ScopeOfB) {
  const theta = graph.input('theta', 'f32', [top.length], true);
  const lengths = top.entries.map(({ length }) => length);
  const leaves = split(theta, lengths, 0).map((piece, i) =>
    expand(reshape(piece, [1, lengths[i]!]), [batch, lengths[i]!]),
  );
  const wanted = leaves.filter((_, i) => isInScope(top.entries[i]!, scope));
  return { linear: trainingLoraHook(top, theta, leaves), wanted };
}
