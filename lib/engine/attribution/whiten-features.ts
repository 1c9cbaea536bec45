import type { Sketch } from './sketch.ts';
import { type Whitening, whiten } from './whitening.ts';

/** v [dims] of projected features, layer by layer. */
export function whitenFeatures(sketch: Sketch, whitenings: readonly Whitening[], features: Float32Array): Float64Array {
  const vector = new Float64Array(sketch.dims);
  for (const [i, { offset }] of sketch.layers.entries()) whiten(whitenings[i]!, features, vector, offset);
  return vector;
}
