import { type BuiltGraph, Graph } from '../graph/builder.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { type BatchShape, causalContext, embed, llamaBlock } from '../nn/llama.ts';
import { weightSpecs } from '../nn/weights.ts';

/**
 * The lowest `layers` blocks, forward. In: their weights by name and the embedding, adapted or not, and `ids` [B*T].
 * Out: `states` [B*T, d].
 */
export function statesGraph(config: LlamaConfig, shape: BatchShape, layers: number): BuiltGraph {
  const graph = new Graph('states');
  const prefixes = ['model.embed_tokens.', ...Array.from({ length: layers }, (_, layer) => `model.layers.${layer}.`)];
  const own = weightSpecs(config).filter(({ name }) => prefixes.some((prefix) => name.startsWith(prefix)));
  const weights = new Map(own.map(({ name, shape }) => [name, graph.input(name, 'f32', shape)]));
  const parts = { config, weight: (name: string) => weights.get(name)! };
  const context = causalContext(graph, config, shape.time);
  let x = embed(parts, graph.input('ids', 'i32', [shape.batch * shape.time]));
  for (let layer = 0; layer < layers; layer++) x = llamaBlock(parts, layer, x, shape, context);
  graph.output('states', x);
  return graph.build();
}
