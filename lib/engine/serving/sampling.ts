export type SamplingOptions = {
  /** 0 is greedy. */
  temperature: number;
  /** Nucleus (Holtzman et al. 2020, arXiv 1904.09751): the smallest set of tokens with this much probability. 1 is all. */
  topP: number;
};

/** `logprob` is the model's own log probability of the token (natural logarithm, temperature 1). */
export type SampledToken = { id: number; logprob: number };

/**
 * Chooses the next token.
 *
 * @param logits of the whole vocabulary
 * @param random uniform in [0, 1); called once, and only when temperature > 0
 */
export function sampleToken(
  logits: Float32Array,
  { temperature, topP }: SamplingOptions,
  random: () => number,
): SampledToken {
  const best = indexOfLargest(logits);
  const id = temperature > 0 ? drawToken(logits, logits[best]!, temperature, topP, random()) : best;
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i]! - logits[best]!);
  return { id, logprob: logits[id]! - logits[best]! - Math.log(sum) };
}

function drawToken(logits: Float32Array, largest: number, temperature: number, topP: number, uniform: number): number {
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - largest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // Equal weights in id order, so that a seed gives the same text everywhere.
  const order = Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]! || a - b);
  let kept = 0;
  let count = 0;
  while (count < order.length && (count === 0 || kept < topP * total)) kept += weights[order[count++]!]!;
  let left = uniform * kept;
  for (let i = 0; i < count; i++) {
    left -= weights[order[i]!]!;
    if (left < 0) return order[i]!;
  }
  return order[count - 1]!;
}

function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
