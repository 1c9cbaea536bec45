import { gradient } from '../autodiff/gradient.ts';
import { type BuiltGraph, Graph, type Value } from '../graph/builder.ts';
import { expand, mul, reshape, sumAll } from '../graph/ops.ts';
import type { AdapterLayout } from '../lora/layout.ts';
import { layoutPart } from '../lora/layout-part.ts';
import { trainingLoraHook } from '../lora/training-hook.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { type BatchShape, headLosses, type LinearHook, llamaStates } from '../nn/llama.ts';
import { weightSpecs } from '../nn/weights.ts';
import { keepB } from './graphs.ts';

/** Which gradients: of the layers from `firstLayer` on, of the loss at `width` positions a row, see `lossPositions`. */
export type TopGradients = { firstLayer: number; width: number };

/**
 * Per-example gradients of the B matrices of the last layers alone. The backward pass ends at `firstLayer`, and the last
 * block's feed-forward part and the head are computed where there is loss and nowhere else: a long prompt costs neither.
 *
 * In: frozen weights, `thetaBelow` and `thetaTop` (theta cut before `firstLayer`), `ids` [B*T], and `at`, `labels`,
 * `lossWeights`, [B * width] each. Out: `gradients` [B, P_B of those layers], `losses` [B * width], weighted.
 */
export function topGradientGraph(
  config: LlamaConfig,
  layout: AdapterLayout,
  shape: BatchShape,
  { firstLayer, width }: TopGradients,
): BuiltGraph {
  const graph = new Graph('top-gradients');
  const weights = new Map(weightSpecs(config).map(({ name, shape }) => [name, graph.input(name, 'f32', shape)]));
  const ids = graph.input('ids', 'i32', [shape.batch * shape.time]);
  const [at, labels] = ['at', 'labels'].map((name) => graph.input(name, 'i32', [shape.batch * width])) as [
    Value,
    Value,
  ];
  const lossWeights = graph.input('lossWeights', 'f32', [shape.batch * width]);
  const below = layoutPart(layout, 0, firstLayer);
  const top = layoutPart(layout, firstLayer, config.num_hidden_layers);
  const thetaTop = graph.input('thetaTop', 'f32', [top.length], true);
  const rows = expand(reshape(thetaTop, [1, top.length]), [shape.batch, top.length]);
  const topHook = trainingLoraHook(top, thetaTop, rows);
  const belowHook = below.length > 0 ? belowInput(graph, below) : topHook;
  const linear: LinearHook = (call) => (call.layer < firstLayer ? belowHook : topHook)(call);
  const parts = { config, weight: (name: string) => weights.get(name)!, linear };
  const losses = mul(headLosses(parts, llamaStates(parts, ids, shape, undefined, at), labels), lossWeights);
  const [gradients] = gradient(sumAll(losses), [rows]);
  graph.output('gradients', keepB(top, gradients!));
  graph.output('losses', losses);
  return graph.build();
}

function belowInput(graph: Graph, below: AdapterLayout): LinearHook {
  const theta = graph.input('thetaBelow', 'f32', [below.length]);
  return trainingLoraHook(below, theta, theta);
}
