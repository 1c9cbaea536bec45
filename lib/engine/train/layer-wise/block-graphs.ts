import { gradient } from '../../autodiff/gradient.ts';
import { type BuiltGraph, Graph, type Value } from '../../graph/builder.ts';
import { expand, reshape } from '../../graph/ops.ts';
import { type AdapterLayout, adapterLayout } from '../../lora/layout.ts';
import type { LlamaConfig } from '../../nn/config.ts';
import { type BatchShape, causalContext, llamaBlock } from '../../nn/llama.ts';
import { packedContext } from '../../nn/packed-context.ts';
import { weightSpecs } from '../../nn/weights.ts';
import { type GraphForm, keepB, trainingHook } from '../graphs.ts';

/** One block of a model, the same for every layer: its tensors have the names of layer 0. */
export type BlockInput = {
  config: LlamaConfig;
  /** null: the base alone. */
  layout: AdapterLayout | null;
  shape: BatchShape;
  form: GraphForm;
};

/** Shapes of the weights of one block, by the names of layer 0. */
export function blockWeightSpecs(config: LlamaConfig): ReturnType<typeof weightSpecs> {
  return weightSpecs({ ...config, num_hidden_layers: 1 }).filter(({ name }) => name.startsWith('model.layers.0.'));
}

/** The part of a layout that belongs to layer 0; those of the other layers follow each other and look the same. */
export function blockLayout(config: LlamaConfig, { lora }: AdapterLayout): AdapterLayout {
  return adapterLayout({ ...config, num_hidden_layers: 1 }, lora);
}

/**
 * In: `x` [B*T, d], the block's weights, `theta` of its adapter. Out: `y` [B*T, d] and the results named by `kept`, which
 * the backward graph of the same input asks for.
 */
export function blockForwardGraph(input: BlockInput, kept: readonly string[] = []): BuiltGraph {
  const graph = new Graph('block-forward');
  const { y, products } = emitBlock(graph, input, 'shared');
  graph.output('y', y);
  for (const name of kept) graph.output(name, products.get(name)!);
  return graph.build();
}

/**
 * In: as forward, and `dy` [B*T, d]. Out: `dx` [B*T, d] and `gradient`: [P] summed over the batch, or one row an example,
 * [B, P], with parts 'B' its B entries alone.
 *
 * @param keepsProducts whether the results of the forward pass's matrix products come in as `kept.<n>`; everything between
 * them is cheap and computed again, from bit-equal numbers. Else the whole forward pass is.
 */
export function blockBackwardGraph(
  input: BlockInput,
  rows: 'summed' | 'A+B' | 'B',
  keepsProducts: boolean,
): BuiltGraph {
  const graph = new Graph('block-backward');
  const { x, y, leaf, products, layout } = emitBlock(graph, input, rows === 'summed' ? 'shared' : 'rows');
  const dy = graph.input('dy', 'f32', y.shape);
  const [dx, directions] = gradient(y, [x, leaf!], dy) as [Value, Value];
  if (keepsProducts) for (const [name, value] of products) graph.feed(name, value);
  graph.output('dx', dx);
  graph.output('gradient', rows === 'B' ? keepB(layout!, directions) : directions);
  return graph.build();
}

/** The kept results that a backward graph wants, with their sizes. */
export function keptInputs({ inputs }: Pick<BuiltGraph, 'inputs'>): Map<string, number> {
  const entries = Object.entries(inputs).filter(([name]) => name.startsWith('kept.'));
  return new Map(entries.map(([name, { shape }]) => [name, shape.reduce((product, dim) => product * dim, 1)]));
}

function emitBlock(graph: Graph, { config, layout, shape, form }: BlockInput, leafKind: 'shared' | 'rows') {
  const x = graph.input('x', 'f32', [shape.batch * shape.time, config.hidden_size], layout !== null);
  const weights = new Map(
    blockWeightSpecs(config).map((spec) => [spec.name, graph.input(spec.name, 'f32', spec.shape)]),
  );
  const segments = form.isPacked ? graph.input('segments', 'i32', [shape.batch * shape.time]) : null;
  const context = segments ? packedContext(graph, config, shape, segments) : causalContext(graph, config, shape.time);
  const own = layout && blockLayout(config, layout);
  const theta = own && graph.input('theta', 'f32', [own.length], true);
  const leaf =
    theta && leafKind === 'rows' ? expand(reshape(theta, [1, theta.shape[0]!]), [shape.batch, theta.shape[0]!]) : theta;
  const linear = own && theta && leaf ? trainingHook(graph, own, form, theta, leaf) : undefined;
  const parts = { config, weight: (name: string) => weights.get(name)!, linear };
  const y = llamaBlock(parts, 0, x, shape, context);
  return { x, y, leaf, layout: own, products: activationProducts(graph, x) };
}

/** Results of the matrix products so far that depend on `x`, in order of emission: equal graphs give equal names. */
function activationProducts(graph: Graph, x: Value): Map<string, Value> {
  const dependent = new Set([x.id]);
  const products = new Map<string, Value>();
  for (const { op, inputs, outputs, vjp } of graph.nodes) {
    if (vjp || !inputs.some(({ id }) => dependent.has(id))) continue;
    for (const { id } of outputs) dependent.add(id);
    if (op === 'Gemm' || op === 'MatMul') products.set(`kept.${products.size}`, outputs[0]!);
  }
  return products;
}
