import { type AdamWConfig, adamCorrections } from '../../optim/adamw.ts';
import type { StepTime } from '../../train/adapter-step.ts';

/** Derivative of an optimiser's state by one weight: [P] each, all zero before the first step. */
export type StateTangent = { theta: Float32Array; m: Float32Array; v: Float32Array };

/** What a step had and left: its summed gradient before clipping, and both moments after it. */
export type TakenStep = { gradient: Float32Array; m: Float32Array; v: Float32Array };

export function zeroTangent(length: number): StateTangent {
  return { theta: new Float32Array(length), m: new Float32Array(length), v: new Float32Array(length) };
}

/**
 * Carries a derivative through one step of `adamW` with its epsilon inside the root, by the chain rule: clipping, both
 * moments, the quotient and weight decay. Changes `tangent` in place.
 *
 * @param change derivative of the step's gradient, [P]
 */
export function advanceTangent(
  tangent: StateTangent,
  change: Float32Array,
  { gradient, m, v }: TakenStep,
  optimizer: AdamWConfig,
  { step, learningRate }: StepTime,
): void {
  const { beta1, beta2, epsilon, weightDecay } = optimizer;
  const { correction1, correction2 } = adamCorrections(optimizer, step);
  const factor = correction1[0]! / Math.sqrt(correction2[0]!);
  const floor = epsilon / correction2[0]!;
  const { clip, clipSlope } = clipping(gradient, change, optimizer.maxGradNorm);
  for (let i = 0; i < gradient.length; i++) {
    const clipped = clip * gradient[i]!;
    const slope = clip * change[i]! + clipSlope * gradient[i]!;
    const dm = beta1 * tangent.m[i]! + (1 - beta1) * slope;
    const dv = beta2 * tangent.v[i]! + (1 - beta2) * 2 * clipped * slope;
    const square = v[i]! + floor;
    const update = (dm - (0.5 * m[i]! * dv) / square) / Math.sqrt(square);
    tangent.m[i] = dm;
    tangent.v[i] = dv;
    tangent.theta[i]! -= learningRate * (factor * update + weightDecay * tangent.theta[i]!);
  }
}

/** The factor that shortens a gradient to `maxNorm`, and its derivative along `change`. */
function clipping(gradient: Float32Array, change: Float32Array, maxNorm: number): { clip: number; clipSlope: number } {
  let [squares, product] = [0, 0];
  for (let i = 0; i < gradient.length; i++) {
    squares += gradient[i]! * gradient[i]!;
    product += gradient[i]! * change[i]!;
  }
  const norm = Math.sqrt(squares);
  if (maxNorm === 0 || norm <= maxNorm) return { clip: 1, clipSlope: 0 };
  return { clip: maxNorm / norm, clipSlope: (-maxNorm * product) / norm ** 3 };
}
