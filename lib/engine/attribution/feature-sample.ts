import type { AdapterLayout } from '../lora/layout.ts';
import { createPermutation } from '../train/random.ts';
import { type DrawPlan, drawnCount, drawnGradients, fisherScales } from './drawn-gradients.ts';
import { type BasisSize, createBasisSketch, fitBases, type GradientBasis } from './gradient-bases.ts';
import {
  atRowStrength,
  type RowFeaturesInput,
  type RowGradientsInput,
  rowFeatures,
  rowGradients,
} from './row-features.ts';
import { type Sketch, sketchGradient } from './sketch.ts';

/** Features [rows, dims] of the rows that the Fisher is taken over, `rows` in ascending order. */
export type FeatureSample = { rows: Int32Array; features: Float32Array };

/** Rows whose gradients the bases are fitted to: they are in memory unprojected. */
const basisRows = 256;

/**
 * Features of at most `limit` rows, chosen by the seed, of all rows where they are no more; and the sketch that they were made
 * with, whose bases are fitted to the first 256 of them. Each gradient is computed once.
 * @param layout the B matrices of the source's scope
 */
export async function sampleFeatures(
  source: RowGradientsInput,
  layout: AdapterLayout,
  size: BasisSize,
  { limit, seed }: { limit: number; seed: string },
): Promise<{ sketch: Sketch; bases: GradientBasis[]; sample: FeatureSample }> {
  const order = createPermutation(source.examples.length, `${seed}|fisher`).slice(0, limit);
  const [first, others] = [order.slice(0, basisRows).sort(), order.slice(basisRows).sort()];
  const gradients = new Map<number, Float32Array>();
  for await (const batch of rowGradients(source, first)) {
    for (const [i, row] of batch.rows.entries()) gradients.set(row, batch.gradients[i]!.slice());
  }
  const inOrder = Array.from(first, (row) => gradients.get(row)!);
  const bases = fitBases(layout, inOrder, size, seed);
  const sketch = createBasisSketch(layout, size.rankWidth, bases);
  const rows = order.toSorted();
  const places = new Map(Array.from(rows, (row, place) => [row, place]));
  const features = new Float32Array(rows.length * sketch.dims);
  const put = (row: number, values: Float32Array): void => features.set(values, places.get(row)! * sketch.dims);
  for (const [i, row] of first.entries()) put(row, atRowStrength(source, row, sketchGradient(sketch, inOrder[i]!)));
  for await (const batch of rowFeatures({ ...source, sketch }, others)) {
    for (const [i, row] of batch.rows.entries()) put(row, batch.features[i]!);
  }
  return { sketch, bases, sample: { rows, features } };
}

/**
 * Lines whose mean outer product is the Fisher of an index that projects, see `drawnGradients`: features [lines, dims] of drawn gradients,
 * and those of the sample's rows.
 */
export async function fisherFeatures(
  source: RowFeaturesInput,
  sample: FeatureSample,
  plan: DrawPlan,
  seed: string,
): Promise<Float32Array> {
  const { dims } = source.sketch;
  const drawn = drawnCount(source, plan);
  const lines = drawn + sample.rows.length;
  const scales = fisherScales(drawn, sample.rows.length);
  const features = new Float32Array(lines * dims);
  let line = 0;
  for await (const { rows, gradients } of drawnGradients(source, plan, seed)) {
    for (const [i, row] of rows.entries()) {
      features.set(atRowStrength(source, row, sketchGradient(source.sketch, gradients[i]!)), line++ * dims);
    }
  }
  features.set(sample.features, drawn * dims);
  const root = Math.sqrt(lines);
  for (let i = 0; i < features.length; i++) features[i]! *= root * (i < drawn * dims ? scales.drawn : scales.own);
  return features;
}
