import type { FeatureSample } from './feature-sample.ts';
import { quantise } from './quantise.ts';
import { atRowStrength, type RowFeaturesInput, rowFeatures } from './row-features.ts';
import { rowStride } from './row-shard.ts';
import { whitenFeatures } from './whiten-features.ts';
import { countRowIn, type Whitening, whitenedAtOnce } from './whitening.ts';
import { writeRow } from './write-index.ts';

/** Rows in memory at a time: enough for full batches of every length. */
const windowRows = 4096;

/** Rows of the index that are ready: `bytes` has one after the other, `rows` says in ascending order which they are. */
export type EncodedRows = { rows: Int32Array; bytes: Uint8Array };

/**
 * The sample's rows as the index file has them, and `dEff`, see IndexHeader: the mean of their |v|^2.
 */
export function encodeSample(
  { sketch, examples, diagnostics, strengths }: RowFeaturesInput,
  whitenings: readonly Whitening[],
  { rows, features }: FeatureSample,
): EncodedRows & { dEff: number } {
  const { dims } = sketch;
  const stride = rowStride(dims);
  const bytes = new Uint8Array(rows.length * stride);
  let squares = 0;
  for (let n = 0; n < rows.length; n += whitenedAtOnce) {
    const count = Math.min(whitenedAtOnce, rows.length - n);
    const group = Array.from({ length: count }, (_, i) => features.subarray((n + i) * dims, (n + i + 1) * dims));
    for (const [i, vector] of whitenFeatures(sketch, whitenings, group).entries()) {
      const own = squareOf(vector);
      squares += own;
      diagnostics.selfInfluences[rows[n + i]!] = own / examples.length;
      writeRow(bytes, (n + i) * stride, stride, quantise(atRowStrength({ strengths }, rows[n + i]!, vector)));
    }
  }
  return { rows, bytes, dEff: squares / rows.length };
}

/** All rows of an index file in order, a window at a time: those of the sample, and the others as they come from the model. */
export async function* encodeRows(
  source: RowFeaturesInput,
  whitenings: readonly Whitening[],
  sample: EncodedRows,
): AsyncGenerator<Uint8Array> {
  const { sketch, examples, diagnostics } = source;
  const stride = rowStride(sketch.dims);
  let sampled = 0;
  for (let start = 0; start < examples.length; start += windowRows) {
    const count = Math.min(windowRows, examples.length - start);
    const bytes = new Uint8Array(count * stride);
    const others: number[] = [];
    for (let row = start; row < start + count; row++) {
      if (sample.rows[sampled] === row) {
        bytes.set(sample.bytes.subarray(sampled * stride, (sampled + 1) * stride), (row - start) * stride);
        sampled += 1;
      } else others.push(row);
    }
    for await (const { rows, features } of rowFeatures(source, others)) {
      for (const [n, vector] of whitenFeatures(sketch, whitenings, features).entries()) {
        for (const [i, { offset }] of sketch.layers.entries())
          countRowIn(whitenings[i]!, vector, offset, examples.length);
        diagnostics.selfInfluences[rows[n]!] = squareOf(vector) / examples.length;
        writeRow(bytes, (rows[n]! - start) * stride, stride, quantise(atRowStrength(source, rows[n]!, vector)));
      }
    }
    yield bytes;
  }
}

function squareOf(vector: Float64Array): number {
  let squares = 0;
  for (let k = 0; k < vector.length; k++) squares += vector[k]! * vector[k]!;
  return squares;
}
