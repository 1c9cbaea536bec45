import type { Sketch } from './sketch.ts';
import { type Whitening, whiten, whitenedAtOnce } from './whitening.ts';

/** v [dims] of each of the projected features, layer by layer. */
export function whitenFeatures(
  sketch: Sketch,
  whitenings: readonly Whitening[],
  features: readonly Float32Array[],
): Float64Array[] {
  const vectors = features.map(() => new Float64Array(sketch.dims));
  for (let n = 0; n < features.length; n += whitenedAtOnce) {
    const [z, v] = [features.slice(n, n + whitenedAtOnce), vectors.slice(n, n + whitenedAtOnce)];
    for (const [i, { offset }] of sketch.layers.entries()) whiten(whitenings[i]!, z, v, offset);
  }
  return vectors;
}
