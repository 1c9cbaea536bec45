import type { Prediction } from './batch-runner.ts';
import type { SamplingFields } from './types.ts';

export type SamplingOptions = Required<
  Pick<SamplingFields, 'temperature' | 'topP' | 'topK' | 'repetitionPenalty' | 'presencePenalty' | 'frequencyPenalty'>
>;

/** Token ids of the prompt, and how often each id is in the answer so far. */
export type SeenTokens = { prompt: ReadonlySet<number>; answer: ReadonlyMap<number, number> };

/** `logprob` is the model's own log probability of the token: natural logarithm, temperature 1, before penalties. */
export type SampledToken = { id: number; logprob: number };

/** Weights below e^-32 of the largest are left out of a draw: all of a vocabulary together are worth less than 1e-8. */
const negligible = 32;

/**
 * Chooses the next token: penalties, then temperature, then the k most probable, then the nucleus among them (the order
 * of Hugging Face's logits processors).
 *
 * @param random uniform in [0, 1); called once, and only when temperature > 0
 */
export function sampleToken(
  { logits, logSumExp }: Prediction,
  options: SamplingOptions,
  seen: SeenTokens,
  random: () => number,
): SampledToken {
  const penalised = penalties(options, seen);
  // Written into the logits and taken back: a copy of the vocabulary for a handful of changes would cost more.
  const originals = penalised.map(({ id }) => logits[id]!);
  for (const { id, apply } of penalised) logits[id] = apply(logits[id]!);
  const best = indexOfLargest(logits);
  const id = options.temperature > 0 ? drawToken(logits, logits[best]!, options, random()) : best;
  for (const [i, { id }] of penalised.entries()) logits[id] = originals[i]!;
  return { id, logprob: logits[id]! - logSumExp };
}

/** The `count` most probable tokens, best first; ties in id order. */
export function mostProbable({ logits, logSumExp }: Prediction, count: number): SampledToken[] {
  const top: SampledToken[] = [];
  if (count === 0) return top;
  for (let id = 0; id < logits.length; id++) {
    const logprob = logits[id]! - logSumExp;
    if (top.length === count && logprob <= top.at(-1)!.logprob) continue;
    const at = top.findIndex((other) => other.logprob < logprob);
    top.splice(at < 0 ? top.length : at, 0, { id, logprob });
    if (top.length > count) top.pop();
  }
  return top;
}

type Penalised = { id: number; apply: (logit: number) => number };

/**
 * Repetition penalty of Keskar et al. 2019 (arXiv 1909.05858) over prompt and answer, as Hugging Face has it; presence
 * and frequency penalties over the answer alone, as OpenAI's API documents them.
 */
function penalties(options: SamplingOptions, { prompt, answer }: SeenTokens): Penalised[] {
  const { repetitionPenalty: repetition, presencePenalty: presence, frequencyPenalty: frequency } = options;
  const ids = repetition === 1 ? [] : [...prompt].filter((id) => !answer.has(id));
  if (repetition !== 1 || presence !== 0 || frequency !== 0) ids.push(...answer.keys());
  return ids.map((id) => {
    const count = answer.get(id) ?? 0;
    const subtracted = count > 0 ? presence + frequency * count : 0;
    return { id, apply: (logit) => (logit > 0 ? logit / repetition : logit * repetition) - subtracted };
  });
}

function drawToken(logits: Float32Array, largest: number, options: SamplingOptions, uniform: number): number {
  const { temperature, topP, topK } = options;
  const floor = largest - negligible * temperature;
  const ids: number[] = [];
  const weights: number[] = [];
  let total = 0;
  for (let id = 0; id < logits.length; id++) {
    if (logits[id]! < floor) continue;
    const weight = Math.exp((logits[id]! - largest) / temperature);
    ids.push(id);
    weights.push(weight);
    total += weight;
  }
  const isCut = topP < 1 || (topK > 0 && topK < ids.length);
  const order = isCut ? cut(weights, total, topP, topK) : [...weights.keys()];
  let left = uniform * order.reduce((sum, at) => sum + weights[at]!, 0);
  for (const at of order) {
    left -= weights[at]!;
    if (left < 0) return ids[at]!;
  }
  return ids[order.at(-1)!]!;
}

/**
 * Indices of the `topK` largest weights (0: all), largest first, and of those the nucleus of Holtzman et al. 2020 (arXiv
 * 1904.09751): the smallest set with `topP` of their sum. Equal weights in index order, so that a seed gives the same
 * text everywhere.
 */
function cut(weights: readonly number[], total: number, topP: number, topK: number): number[] {
  const wanted = topK > 0 ? Math.min(topK, weights.length) : 0;
  // Sorting a whole vocabulary takes longer than computing a token, so only a sufficient head of it is sorted.
  let head: number[] = [];
  for (let bound = 1 / 8; head.length < weights.length; bound = bound > 1e-15 ? bound / 8 : 0) {
    head = [];
    let mass = 0;
    for (const [at, weight] of weights.entries()) {
      if (weight < bound) continue;
      head.push(at);
      mass += weight;
    }
    if (wanted > 0 ? head.length >= wanted : mass >= topP * total) break;
  }
  head.sort((a, b) => weights[b]! - weights[a]! || a - b);
  const order = wanted > 0 ? head.slice(0, wanted) : head;
  const mass = wanted > 0 ? order.reduce((sum, at) => sum + weights[at]!, 0) : total;
  let kept = 0;
  let count = 0;
  while (count < order.length && (count === 0 || kept < topP * mass)) kept += weights[order[count++]!]!;
  return order.slice(0, count);
}

function indexOfLargest(values: Float32Array): number {
  let best = 0;
  let largest = values[0]!;
  for (let i = 1; i < values.length; i++) {
    if (values[i]! > largest) {
      largest = values[i]!;
      best = i;
    }
  }
  return best;
}
