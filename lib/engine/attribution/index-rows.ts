import type { FeatureSample } from './feature-sample.ts';
import { quantise } from './quantise.ts';
import { type RowFeaturesInput, rowFeatures } from './row-features.ts';
import { rowStride } from './row-shard.ts';
import { whitenFeatures } from './whiten-features.ts';
import { countRowIn, type Whitening } from './whitening.ts';
import { writeRow } from './write-index.ts';

/** Rows in memory at a time: enough for full batches of every length. */
const windowRows = 4096;

/**
 * The rows of an index file in order, a window at a time: features from the sample where it has them and from the model
 * otherwise, whitened, quantised.
 */
export async function* encodeRows(
  source: RowFeaturesInput,
  whitenings: readonly Whitening[],
  sample: FeatureSample,
): AsyncGenerator<Uint8Array> {
  const { sketch, examples } = source;
  const stride = rowStride(sketch.dims);
  let sampled = 0;
  for (let start = 0; start < examples.length; start += windowRows) {
    const count = Math.min(windowRows, examples.length - start);
    const bytes = new Uint8Array(count * stride);
    const others: number[] = [];
    for (let row = start; row < start + count; row++) {
      if (sample.rows[sampled] !== row) {
        others.push(row);
        continue;
      }
      const features = sample.features.subarray(sampled * sketch.dims, (sampled + 1) * sketch.dims);
      sampled += 1;
      writeRow(bytes, (row - start) * stride, stride, quantise(whitenFeatures(sketch, whitenings, features)));
    }
    for await (const { row, features } of rowFeatures(source, others)) {
      const vector = whitenFeatures(sketch, whitenings, features);
      for (const [i, { offset }] of sketch.layers.entries())
        countRowIn(whitenings[i]!, vector, offset, examples.length);
      writeRow(bytes, (row - start) * stride, stride, quantise(vector));
    }
    yield bytes;
  }
}
