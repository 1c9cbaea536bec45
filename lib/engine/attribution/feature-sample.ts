import { createPermutation } from '../train/random.ts';
import { type RowFeaturesInput, rowFeatures } from './row-features.ts';

/** Features [rows, dims] of the rows that the Fisher is taken over, `rows` in ascending order. */
export type FeatureSample = { rows: Int32Array; features: Float32Array };

/** Features of at most `limit` rows, chosen by the seed; of all rows where they are no more. */
export async function sampleFeatures(source: RowFeaturesInput, limit: number, seed: string): Promise<FeatureSample> {
  const count = source.examples.length;
  const rows =
    count <= limit
      ? Int32Array.from({ length: count }, (_, row) => row)
      : createPermutation(count, `${seed}|fisher`).slice(0, limit).sort();
  const { dims } = source.sketch;
  const places = new Map(Array.from(rows, (row, place) => [row, place]));
  const features = new Float32Array(rows.length * dims);
  for await (const batch of rowFeatures(source, rows)) {
    for (const [i, row] of batch.rows.entries()) features.set(batch.features[i]!, places.get(row)! * dims);
  }
  return { rows, features };
}
