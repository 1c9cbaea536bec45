import type { ScopeOfB } from '../lora/layout-part.ts';
import type { SessionCache } from '../runtime/session-cache.ts';
import type { PreparedExample, TrainingExample } from '../train/prepare-examples.ts';
import { onceInTenths } from '../train/rows-of-pass.ts';
import { atStrength, gradientStrength } from './at-strength.ts';
import { chooseSketch } from './choose-sketch.ts';
import { sampleFeatures } from './feature-sample.ts';
import { type AdaptedModel, attributedLayout } from './gradient-source.ts';
import { attributionMethod, type IndexHeader } from './index-header.ts';
import { encodeRows, encodeSample } from './index-rows.ts';
import { packIds } from './packed-ids.ts';
import { prepareRows } from './prepare-rows.ts';
import { diagnosticsFileOf, emptyDiagnostics, writeRowDiagnostics } from './row-diagnostics.ts';
import { fitWhitening } from './whitening.ts';
import { writeIndex } from './write-index.ts';

export type BuildIndexInput = {
  adapterDir: string;
  /** The rows that the adapter was trained on, each once: the index holds one vector a row, in this order. */
  examples: readonly TrainingExample[];
  outFile: string;
  /** Where training cut its examples. Left out: as the adapter's run manifest says, else at the model's context. */
  maxSeqLength?: number | undefined;
  /** Seed of the sample. Left out: the adapter's hash, which nobody knew when the rows were written. */
  seed?: string | undefined;
  /** Columns that are kept of each layer's outputs. Left out: as `chooseSketch` says. */
  columns?: number | undefined;
  /** The B matrices that count. Left out: as `chooseSketch` says. */
  scope?: ScopeOfB | undefined;
  /** See `trainingReach`. Left out: as the adapter's run manifest says. */
  reach?: number | undefined;
  /** Rows that the Fisher is taken over at most: their features are all that is kept in memory. Default 8192. */
  fisherRows?: number | undefined;
};

export type BuiltIndex = {
  /** SHA-256 of the file; equal inputs give equal bytes on one kind of CPU. */
  sha256: string;
  /** Name and version of how it was made. */
  method: string;
  rows: number;
  dims: number;
  dEff: number;
  /** Rows without a token that carries loss: they taught nothing and are not in the index. */
  skipped: string[];
};

export type BuildProgress = { onProgress: (done: number, total: number) => void; isStopped: () => boolean };

/**
 * Builds the attribution index of an adapter: per row the gradient of the last two layers' B matrices, projected on the directions
 * that the rows' gradients take, whitened by the damped empirical Fisher of its layer, and quantised to int8. Each gradient is
 * computed once, so that it costs less than one training epoch.
 *
 * The Fisher is taken over all rows, or over a sample of `fisherRows` that the seed chooses; the sample's features stay in
 * memory, every other row goes to the file as soon as it is there. What was learnt of each row on the way goes beside the
 * index, to `diagnosticsFileOf(outFile)`.
 */
export async function buildIndex(
  model: AdaptedModel,
  sessions: SessionCache,
  input: BuildIndexInput,
  { onProgress, isStopped }: BuildProgress,
): Promise<BuiltIndex> {
  const { base, adapter, adapterSha256 } = model;
  const { seed = adapterSha256, fisherRows = 8192, outFile } = input;
  const {
    set,
    maxSeqLength,
    reach: known,
  } = await prepareRows(base, input.adapterDir, input.examples, input.maxSeqLength);
  const { examples, skipped } = set;
  const { scope, ...size } = chooseSketch(adapter.layout, examples.length, input);
  let done = 0;
  const onRows = (more: number): void => {
    done += more;
    onProgress(done, examples.length);
  };
  const diagnostics = emptyDiagnostics(examples.length);
  const gradients = {
    model: atStrength(model, gradientStrength),
    sessions,
    scope,
    examples,
    strengths: strengthsOf(examples),
    diagnostics,
    onRows,
    isStopped,
  };
  const layout = attributedLayout(adapter.layout, scope);
  const { sketch, bases, sample: sampled } = await sampleFeatures(gradients, layout, size, { limit: fisherRows, seed });
  const source = { ...gradients, sketch };
  const reach = input.reach ?? known;
  const whitenings = sketch.layers.map((layer) => fitWhitening(sampled.features, sketch.dims, layer, reach));
  const { dEff, ...sample } = encodeSample(source, whitenings, sampled);
  const exampleIds = examples.map(({ id }) => id);
  const ids = packIds(exampleIds);
  const header: IndexHeader = {
    ...{
      method: attributionMethod,
      baseSha256: base.sha256,
      adapterSha256,
      lora: adapter.layout.lora,
      scope,
      strength: gradientStrength,
      seed,
      rankWidth: size.rankWidth,
      ...(reach !== undefined && { reach }),
    },
    ...{ dims: sketch.dims, layers: whitenings.map(({ size, lambda }) => ({ size, lambda })), dEff, maxSeqLength },
    ...{ rows: examples.length, fisherRows: sample.rows.length, idBytes: ids.utf8.length },
  };
  const sha256 = await writeIndex(outFile, header, { whitenings, bases }, ids, encodeRows(source, whitenings, sample));
  await writeRowDiagnostics(diagnosticsFileOf(outFile), exampleIds, diagnostics);
  return { sha256, method: header.method, rows: examples.length, dims: sketch.dims, dEff, skipped };
}

/** See RowGradientsInput. Rows of a mix are read more or less often than once a pass. */
function strengthsOf(examples: readonly PreparedExample[]): Float64Array | null {
  const reads = examples.map(({ tenths = onceInTenths }) => tenths);
  const mean = reads.reduce((sum, count) => sum + count, 0) / reads.length;
  return reads.every((count) => count === reads[0])
    ? null
    : Float64Array.from(reads, (count) => Math.sqrt(count / mean));
}
