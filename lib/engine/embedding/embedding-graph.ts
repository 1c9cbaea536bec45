import { type BuiltGraph, Graph } from '../graph/builder.ts';
import { matmul, reshape } from '../graph/ops.ts';
import { sharedLoraHook } from '../lora/hook.ts';
import type { AdapterLayout } from '../lora/layout.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { type BatchShape, finalNorm, llamaStates } from '../nn/llama.ts';
import { weightSpecs } from '../nn/weights.ts';

/**
 * Weighted means of the last hidden states, after the final norm. In: the frozen weights by name, theta [P] where a layout is given,
 * `ids` [B*T] (i32) and `parts` [B, T]: what each token counts in its line's mean, 0 for padding. Out: `means` [B, d].
 */
export function embeddingGraph(config: LlamaConfig, layout: AdapterLayout | null, shape: BatchShape): BuiltGraph {
  const graph = new Graph('embedding');
  const weights = new Map(weightSpecs(config).map(({ name, shape: own }) => [name, graph.input(name, 'f32', own)]));
  const theta = layout && graph.input('theta', 'f32', [layout.length]);
  const linear = layout && theta ? sharedLoraHook(layout, theta) : undefined;
  const parts = { config, weight: (name: string) => weights.get(name)!, linear };
  const { batch, time } = shape;
  const states = finalNorm(parts, llamaStates(parts, graph.input('ids', 'i32', [batch * time]), shape));
  const width = config.hidden_size;
  const counts = reshape(graph.input('parts', 'f32', [batch, time]), [batch, 1, time]);
  graph.output('means', reshape(matmul(counts, reshape(states, [batch, time, width])), [batch, width]));
  return graph.build();
}
