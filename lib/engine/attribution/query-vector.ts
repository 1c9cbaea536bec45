import type { AdapterLayout } from '../lora/layout.ts';
import type { AttributionIndex } from './attribution-index.ts';
import { createBasisSketch } from './gradient-bases.ts';
import { attributedLayout } from './gradient-source.ts';
import { gradientScope } from './index-header.ts';
import { layerRanges } from './layer-ranges.ts';
import type { LowBitVectors } from './packed-bits.ts';
import { alongDirections } from './row-directions.ts';
import { createSignSketch } from './sign-sketch.ts';
import { type Sketch, sketchGradient } from './sketch.ts';
import { whitenFeatures } from './whiten-features.ts';

/**
 * What an index makes of an answer's gradient, [dims]: along the rows' own directions, or projected and whitened. Float64 sums in a
 * fixed order, so that equal gradients give equal bits everywhere.
 * @param layout of the whole adapter
 */
export function queryVector(layout: AdapterLayout, index: AttributionIndex, gradient: Float32Array): Float64Array {
  if (index.directions) return directed(layout, index, index.directions, gradient);
  const sketch = sketchOf(layout, index);
  return whitenFeatures(sketch, index.whitenings, [sketchGradient(sketch, gradient)])[0]!;
}

function directed(
  layout: AdapterLayout,
  { header }: AttributionIndex,
  directions: readonly LowBitVectors[],
  gradient: Float32Array,
): Float64Array {
  const vector = new Float64Array(header.dims);
  const ranges = layerRanges(attributedLayout(layout, gradientScope(header)));
  for (const [layer, { offset, length }] of ranges.entries()) {
    alongDirections(directions[layer]!, gradient.subarray(offset, offset + length), vector, layer * header.rows);
  }
  return vector;
}

/** Signs are thousands of hashes, so a sketch is kept as long as its index is. */
const sketches = new WeakMap<AttributionIndex, Sketch>();

function sketchOf(whole: AdapterLayout, index: AttributionIndex): Sketch {
  const scope = gradientScope(index.header);
  const layout = attributedLayout(whole, scope);
  const { header, bases } = index;
  const { seed, width = 0, rankWidth } = header;
  const create = (): Sketch =>
    bases
      ? createBasisSketch(layout, rankWidth, bases)
      : createSignSketch(layout, seed, { width, rankWidth }, scope !== 'all');
  const sketch = sketches.get(index) ?? create();
  sketches.set(index, sketch);
  return sketch;
}
