import type { AdapterLayout } from '../lora/layout.ts';
import type { AttributionIndex } from './attribution-index.ts';
import { createBasisSketch } from './gradient-bases.ts';
import { attributedLayout } from './gradient-source.ts';
import { gradientScope } from './index-header.ts';
import { layerRanges } from './layer-ranges.ts';
import { alongDirections, type RowDirections } from './row-directions.ts';
import { createSignSketch } from './sign-sketch.ts';
import { type Sketch, sketchGradient } from './sketch.ts';
import { whitenFeatures } from './whiten-features.ts';

/**
 * What an index makes of an answer's gradient, [dims]: the numbers that it keeps of rows, along directions, or projected and whitened. Float64 sums in a
 * fixed order, so that equal gradients give equal bits everywhere.
 * @param layout of the whole adapter
 */
export function queryVector(layout: AdapterLayout, index: AttributionIndex, gradient: Float32Array): Float64Array {
  if (index.positions) return keptNumbers(layout, index, index.positions, gradient);
  if (index.directions) return directed(layout, index, index.directions, gradient);
  const sketch = sketchOf(layout, index);
  return whitenFeatures(sketch, index.whitenings, [sketchGradient(sketch, gradient)])[0]!;
}

/** Rows are sqrt(lambda) (F + lambda I)^-1 g. */
function keptNumbers(
  layout: AdapterLayout,
  { header }: AttributionIndex,
  positions: Uint32Array,
  gradient: Float32Array,
): Float64Array {
  const roots = new Float64Array(gradient.length);
  const ranges = layerRanges(attributedLayout(layout, gradientScope(header)));
  for (const [layer, { offset, length }] of ranges.entries()) {
    roots.fill(Math.sqrt(header.layers[layer]!.lambda), offset, offset + length);
  }
  return Float64Array.from(positions, (at) => gradient[at]! / roots[at]!);
}

function directed(
  layout: AdapterLayout,
  { header }: AttributionIndex,
  directions: readonly RowDirections[],
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
