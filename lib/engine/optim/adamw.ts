import type { Graph, Value } from '../graph/builder.ts';
import { add, div, minimum, mul, type Operand, reciprocal, reduceSum, reshape, sqrt, sub } from '../graph/ops.ts';

export type AdamWConfig = {
  beta1: number;
  beta2: number;
  /**
   * 'root': eta * m / sqrt(v + epsilon). Smooth in the data, which influence functions need.
   * 'outside': eta * m / (sqrt(v) + epsilon), the usual AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101).
   */
  epsilonPlace: 'root' | 'outside';
  epsilon: number;
  weightDecay: number;
  /** Gradients are scaled down to this Euclidean norm; 0 switches clipping off. */
  maxGradNorm: number;
};

export type AdamWState = { theta: Value; m: Value; v: Value };

/**
 * One AdamW step on flat vectors [P], emitted into the graph of the gradient.
 *
 * Adds the inputs `learningRate`, `correction1` and `correction2` (f32, shape []), see `adamCorrections`.
 * @param decayMask [P], 1 where weight decay applies; left out: everywhere
 * @returns the next state, the gradient's norm before clipping and the learning rate (both of shape [])
 */
export function adamW(
  graph: Graph,
  state: AdamWState,
  gradient: Value,
  config: AdamWConfig,
  decayMask?: Value,
): AdamWState & { gradNorm: Value; learningRate: Value } {
  const learningRate = graph.input('learningRate', 'f32', []);
  const correction1 = graph.input('correction1', 'f32', []);
  const correction2 = graph.input('correction2', 'f32', []);
  const square = mul(gradient, gradient);
  const gradNorm = sqrt(reshape(reduceSum(square, [0]), []));
  // Everything that is one number is worked out as one, so that as few passes as possible go over [P].
  const clip = config.maxGradNorm > 0 ? minimum(mul(reciprocal(add(gradNorm, 1e-12)), config.maxGradNorm), 1) : null;
  const share = (value: number, factor: Value | null): Operand => (factor ? mul(factor, value) : value);
  const m = add(mul(state.m, config.beta1), mul(gradient, share(1 - config.beta1, clip)));
  const v = add(mul(state.v, config.beta2), mul(square, share(1 - config.beta2, clip && mul(clip, clip))));
  // m c1 / sqrt(v c2 + e) = (c1 / sqrt(c2)) m / sqrt(v + e / c2), and likewise with the epsilon outside.
  const rootOfCorrection = sqrt(correction2);
  const root =
    config.epsilonPlace === 'root'
      ? sqrt(add(v, mul(reciprocal(correction2), config.epsilon)))
      : add(sqrt(v), mul(reciprocal(rootOfCorrection), config.epsilon));
  let update = mul(div(m, root), div(correction1, rootOfCorrection));
  if (config.weightDecay > 0) {
    const decay = decayMask ? mul(decayMask, config.weightDecay) : config.weightDecay;
    update = add(update, mul(state.theta, decay));
  }
  return { theta: sub(state.theta, mul(update, learningRate)), m, v, gradNorm, learningRate };
}

/** Bias corrections 1/(1 - beta^t) of step t = 1, 2, ... as feeds for the graph. */
export function adamCorrections(config: Pick<AdamWConfig, 'beta1' | 'beta2'>, step: number) {
  return {
    correction1: Float32Array.of(1 / (1 - config.beta1 ** step)),
    correction2: Float32Array.of(1 / (1 - config.beta2 ** step)),
  };
}
