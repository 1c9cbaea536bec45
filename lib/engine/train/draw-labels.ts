import { type BuiltGraph, Graph } from '../graph/builder.ts';
import { softmax } from '../graph/ops.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { languageHead } from '../nn/llama.ts';
import type { OrtSession } from '../runtime/ort-session.ts';
import type { MicroBatch } from './batches.ts';
import { headWeightSpecs } from './layer-wise/head-graphs.ts';
import type { LabelDraws } from './step-engine.ts';

/** Final norm, vocabulary projection and softmax. In: `x` [tokens, d], the head's weights. Out: `probabilities` [tokens, V]. */
export function probabilitiesGraph(config: LlamaConfig, tokens: number): BuiltGraph {
  const graph = new Graph('probabilities');
  const x = graph.input('x', 'f32', [tokens, config.hidden_size]);
  const weights = new Map(headWeightSpecs(config).map(({ name, shape }) => [name, graph.input(name, 'f32', shape)]));
  const parts = { config, weight: (name: string) => weights.get(name)! };
  graph.output('probabilities', softmax(languageHead(parts, x)));
  return graph.build();
}

/** What labels are drawn with: `session` is of `probabilitiesGraph` for `tokens` positions, `weights` are the head's. */
type Head = { session: OrtSession; tokens: number; weights: Readonly<Record<string, Float32Array>> };

/**
 * Labels that the model itself gives to the positions of a micro-batch that carry loss, `count` draws of each, independent of
 * each other. All other positions keep the batch's labels.
 *
 * @param states [B*T, d] after the last block
 * @returns [B*T] each
 */
export async function drawLabels(
  { session, tokens, weights }: Head,
  states: Float32Array,
  { feeds }: MicroBatch,
  { count, random }: LabelDraws,
): Promise<Int32Array[]> {
  const width = states.length / feeds.labels.length;
  const draws = Array.from({ length: count }, () => feeds.labels.slice());
  const positions = [...feeds.lossWeights.keys()].filter((at) => feeds.lossWeights[at] !== 0);
  const x = new Float32Array(tokens * width);
  for (let start = 0; start < positions.length; start += tokens) {
    const part = positions.slice(start, start + tokens);
    for (const [i, at] of part.entries()) x.set(states.subarray(at * width, (at + 1) * width), i * width);
    const { probabilities } = await session.run<'probabilities'>({ ...weights, x });
    const all = probabilities as Float32Array;
    const vocabulary = all.length / tokens;
    for (const [i, at] of part.entries()) {
      const own = all.subarray(i * vocabulary, (i + 1) * vocabulary);
      for (const labels of draws) labels[at] = drawOne(own, random());
    }
  }
  return draws;
}

/** The first label at which the probabilities' sum exceeds `u`; where rounding leaves the sum short of it, the last. */
function drawOne(probabilities: Float32Array, u: number): number {
  let sum = 0;
  for (let label = 0; label < probabilities.length; label++) {
    sum += probabilities[label]!;
    if (u < sum) return label;
  }
  return probabilities.length - 1;
}
