import type { Graph, Value } from '../graph/builder.ts';
import { add, cast, minimum, mul, reshape, sub } from '../graph/ops.ts';
import type { LlamaConfig } from './config.ts';
import { type BatchShape, causalContext, type SequenceContext } from './llama.ts';

/**
 * The context of lines that hold several examples: a token sees those before it in its own example only. Rotary scores
 * depend on distances alone, so positions need not start again; the numbers are those of one example a line up to rounding.
 *
 * @param segments i32 [B*T]: equal numbers in a line are one example
 */
export function packedContext(
  graph: Graph,
  config: LlamaConfig,
  { batch, time }: BatchShape,
  segments: Value,
): SequenceContext {
  const { tables, bias } = causalContext(graph, config, time);
  const numbers = cast(segments, 'f32');
  const apart = sub(reshape(numbers, [batch, 1, 1, time, 1]), reshape(numbers, [batch, 1, 1, 1, time]));
  // Whole numbers: the square is 0 inside an example and at least 1 across two.
  const foreign = mul(minimum(mul(apart, apart), 1), -1e9);
  return { tables, bias: add(foreign, bias) };
}
