import type { Graph, Value } from '../graph/builder.ts';
import { add, div, minimum, mul, reciprocal, reduceSum, reshape, sqrt, sub } from '../graph/ops.ts';

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
  const gradNorm = sqrt(reshape(reduceSum(mul(gradient, gradient), [0]), []));
  const clipped =
    config.maxGradNorm > 0
      ? mul(gradient, minimum(mul(reciprocal(add(gradNorm, 1e-12)), config.maxGradNorm), 1))
      : gradient;
  const m = add(mul(state.m, config.beta1), mul(clipped, 1 - config.beta1));
  const v = add(mul(state.v, config.beta2), mul(mul(clipped, clipped), 1 - config.beta2));
  const second = mul(v, correction2);
  const root = config.epsilonPlace === 'root' ? sqrt(add(second, config.epsilon)) : add(sqrt(second), config.epsilon);
  let update = div(mul(m, correction1), root);
  if (config.weightDecay > 0) {
    const decay = mul(state.theta, config.weightDecay);
    update = add(update, decayMask ? mul(decay, decayMask) : decay);
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
