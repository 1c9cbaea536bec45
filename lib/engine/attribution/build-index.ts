import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { SessionCache } from '../runtime/session-cache.ts';
import { plainBatches } from '../train/batches.ts';
import { type PreparedSet, prepareExamples, type TrainingExample } from '../train/prepare-examples.ts';
import type { Recipe } from '../train/recipe.ts';
import { AttributionStoppedError } from './errors.ts';
import { type AdaptedModel, exampleGradients } from './gradient-source.ts';
import { attributionMethod, writeIndex } from './index-file.ts';
import { type Codes, quantise } from './quantise.ts';
import { createSketch, type Sketch, sketchGradient } from './sketch.ts';
import { fitWhitening, type Whitening, whiten } from './whitening.ts';

export type BuildIndexInput = {
  adapterDir: string;
  /** The rows that the adapter was trained on, each once: the index holds one vector a row, in this order. */
  examples: readonly TrainingExample[];
  outFile: string;
  /** Where training cut its examples. Left out: as the adapter's run manifest says, else at the model's context. */
  maxSeqLength?: number | undefined;
  /** Seed of the projection. Left out: the adapter's hash, which nobody knew when the rows were written. */
  seed?: string | undefined;
  /** Signs per output row of the projection. Default 16. */
  width?: number | undefined;
};

export type BuiltIndex = {
  /** SHA-256 of the file; equal inputs give equal bytes on one kind of CPU. */
  sha256: string;
  rows: number;
  dims: number;
  dEff: number;
  /** Rows without a token that carries loss: they taught nothing and are not in the index. */
  skipped: string[];
};

const batchSize = 4;

/**
 * Builds the attribution index of an adapter: per row its B gradient, projected, whitened by the damped empirical Fisher
 * of its layer, and quantised to int8. Costs one training epoch, plus k^2 float64 products per row and layer.
 */
export async function buildIndex(
  model: AdaptedModel,
  sessions: SessionCache,
  input: BuildIndexInput,
  progress: { onProgress: (done: number, total: number) => void; isStopped: () => boolean },
): Promise<BuiltIndex> {
  const { base, adapter, adapterSha256 } = model;
  const context = base.config.max_position_embeddings;
  const recipe = await trainedRecipe(input.adapterDir);
  const maxSeqLength = Math.min(input.maxSeqLength ?? recipe?.maxSeqLength ?? context, context);
  const options = { maxSeqLength, lossOn: recipe?.lossOn ?? 'completion' };
  const set = prepareExamples(base.tokenizer, input.examples, options, 'attribution set');
  const { seed = adapterSha256, width = 16 } = input;
  const sketch = createSketch(adapter.layout, seed, width);
  const features = await sketchExamples(model, sessions, set, sketch, progress);
  const whitenings = sketch.layers.map((layer) => fitWhitening(features, sketch.dims, layer));
  const { rows, dEff } = whitenRows(features, sketch, whitenings);
  const header = {
    method: attributionMethod,
    baseSha256: base.sha256,
    adapterSha256,
    lora: adapter.layout.lora,
    seed,
    width,
    dims: sketch.dims,
    layers: whitenings.map(({ size, lambda }) => ({ size, lambda })),
    dEff,
    maxSeqLength,
    exampleIds: set.examples.map(({ id }) => id),
  };
  const sha256 = await writeIndex(input.outFile, header, whitenings, rows);
  return { sha256, rows: rows.length, dims: sketch.dims, dEff, skipped: set.skipped };
}

/** Projected gradients [N, dims]. */
async function sketchExamples(
  model: AdaptedModel,
  sessions: SessionCache,
  { examples }: PreparedSet,
  sketch: Sketch,
  { onProgress, isStopped }: Parameters<typeof buildIndex>[3],
): Promise<Float32Array> {
  const features = new Float32Array(examples.length * sketch.dims);
  const lengths = examples.map(({ ids }) => ids.length);
  let done = 0;
  for (const batch of plainBatches(lengths, batchSize, model.base.config.max_position_embeddings)) {
    const { gradients } = await exampleGradients(model, sessions, examples, batch, batchSize);
    for (const [i, row] of batch.rows.entries()) features.set(sketchGradient(sketch, gradients[i]!), row * sketch.dims);
    done += batch.rows.length;
    onProgress(done, examples.length);
    await setImmediate(); // lets a stop message in
    if (isStopped()) throw new AttributionStoppedError(`Stopped after ${done} of ${examples.length} rows.`);
  }
  return features;
}

function whitenRows(
  features: Float32Array,
  sketch: Sketch,
  whitenings: readonly Whitening[],
): { rows: Codes[]; dEff: number } {
  const { dims } = sketch;
  const rows: Codes[] = [];
  let squares = 0;
  for (let offset = 0; offset < features.length; offset += dims) {
    const vector = whitenFeatures(sketch, whitenings, features.subarray(offset, offset + dims));
    for (let i = 0; i < dims; i++) squares += vector[i]! * vector[i]!;
    rows.push(quantise(vector));
  }
  // The mean of |v|^2 is tr (F + lambda I)^-1 F, summed over the layers.
  return { rows, dEff: squares / rows.length };
}

/** v [dims] of projected features, layer by layer. */
export function whitenFeatures(sketch: Sketch, whitenings: readonly Whitening[], features: Float32Array): Float64Array {
  const vector = new Float64Array(sketch.dims);
  for (const [i, { offset }] of sketch.layers.entries()) whiten(whitenings[i]!, features, vector, offset);
  return vector;
}

async function trainedRecipe(adapterDir: string): Promise<Partial<Recipe> | undefined> {
  const text = await readFile(join(adapterDir, 'run-manifest.json'), 'utf8').catch(() => null);
  return text === null ? undefined : (JSON.parse(text) as { recipe?: Partial<Recipe> }).recipe;
}
