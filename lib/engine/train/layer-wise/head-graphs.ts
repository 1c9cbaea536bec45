import { gradient } from '../../autodiff/gradient.ts';
import { type BuiltGraph, Graph } from '../../graph/builder.ts';
import { mul, sumAll } from '../../graph/ops.ts';
import type { LlamaConfig } from '../../nn/config.ts';
import { headLosses } from '../../nn/llama.ts';
import { weightSpecs } from '../../nn/weights.ts';

/**
 * Final norm, vocabulary projection and loss of `tokens` positions. In: `x` [tokens, d], `labels`, `lossWeights` [tokens],
 * the head's weights. Out: `losses` [tokens], weighted, and with `hasGradient` `dx` [tokens, d] of their sum.
 */
export function headGraph(config: LlamaConfig, tokens: number, hasGradient: boolean): BuiltGraph {
  const graph = new Graph('loss-head');
  const x = graph.input('x', 'f32', [tokens, config.hidden_size], hasGradient);
  const weights = new Map(headWeightSpecs(config).map(({ name, shape }) => [name, graph.input(name, 'f32', shape)]));
  const labels = graph.input('labels', 'i32', [tokens]);
  const parts = { config, weight: (name: string) => weights.get(name)! };
  const losses = mul(headLosses(parts, x, labels), graph.input('lossWeights', 'f32', [tokens]));
  graph.output('losses', losses);
  if (hasGradient) graph.output('dx', gradient(sumAll(losses), [x])[0]!);
  return graph.build();
}

/** The weights that the head reads. */
export function headWeightSpecs(config: LlamaConfig): ReturnType<typeof weightSpecs> {
  const matrix = config.tie_word_embeddings ? 'model.embed_tokens.weight' : 'lm_head.weight';
  return weightSpecs(config).filter(({ name }) => name === matrix || name === 'model.norm.weight');
}

/** Logits of one pass stay below this; there are about three arrays of that size at a time. */
const logitBytes = 2 ** 26;

/** Positions that go through the head at a time: a power of two, for the vocabulary that makes it necessary. */
export function headTokens({ vocab_size: vocabulary }: LlamaConfig): number {
  return 2 ** Math.max(4, Math.min(9, Math.floor(Math.log2(logitBytes / 4 / vocabulary))));
}
