import type { AdapterLayout } from '../lora/layout.ts';
import type { ScopeOfB } from '../lora/layout-part.ts';
import type { SessionCache } from '../runtime/session-cache.ts';
import type { PreparedExample, TrainingExample } from '../train/prepare-examples.ts';
import { onceInTenths } from '../train/rows-of-pass.ts';
import { atStart } from './at-start.ts';
import { atStrength, gradientStrength } from './at-strength.ts';
import { chooseRowBits } from './choose-row-bits.ts';
import { chooseSketch, thoroughRows } from './choose-sketch.ts';
import { type DrawPlan, drawnCount, planDraws } from './drawn-gradients.ts';
import { fisherFeatures, sampleFeatures } from './feature-sample.ts';
import { type AdaptedModel, attributedLayout } from './gradient-source.ts';
import { attributionMethod, type IndexHeader } from './index-header.ts';
import { encodeRows, encodeSample } from './index-rows.ts';
import { packIds } from './packed-ids.ts';
import { type FisherPlan, packRows, planFisher } from './packed-rows.ts';
import { prepareRows } from './prepare-rows.ts';
import { diagnosticsFileOf, emptyDiagnostics, writeRowDiagnostics } from './row-diagnostics.ts';
import type { RowGradientsInput } from './row-features.ts';
import { fitWhitening } from './whitening.ts';
import { type IndexCurvature, writeIndex } from './write-index.ts';

export type BuildIndexInput = {
  adapterDir: string;
  /** The rows that the adapter was trained on, each once: the index holds one vector a row, in this order. */
  examples: readonly TrainingExample[];
  outFile: string;
  /** Where training cut its examples. Left out: as the adapter's run manifest says, else at the model's context. */
  maxSeqLength?: number | undefined;
  /** Seed of the sample and of drawn labels. Left out: the adapter's hash, which nobody knew when the rows were written. */
  seed?: string | undefined;
  /** Columns that are kept of each layer's outputs, of a projection. Left out: as `chooseRowBits` and `chooseSketch` say. */
  columns?: number | undefined;
  /** The B matrices that count. Left out: as `chooseSketch` says. */
  scope?: ScopeOfB | undefined;
  /** See `trainingReach`. Left out: as the adapter's run manifest says. */
  reach?: number | undefined;
  /** Seed of the adapter that the training began with. Null: it is not known. Left out: as the adapter's run manifest says. */
  start?: string | null | undefined;
  /** Rows whose own gradients count in the Fisher at most: their features are all that is kept in memory. Default 8192. */
  fisherRows?: number | undefined;
  /** Gradients that are drawn for the Fisher at most. Left out: as `planDraws` says. */
  drawn?: number | undefined;
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

/** The rows of an index and what queries are made with. */
type Vectors = {
  curvature: IndexCurvature;
  header: Pick<IndexHeader, 'rankWidth' | 'dims' | 'layers' | 'dEff' | 'fisherRows' | 'drawn'>;
  rows: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
};

/**
 * Builds the attribution index of an adapter: per row the mean of its gradients at the start of the training and where the adapter
 * stands at .85 of its strength, with respect to the B matrices, divided by the damped Fisher of its layer (`drawnGradients`), in few bits
 * or, projected and whitened, in int8.
 *
 * Up to 10,000 rows an index keeps the rows' gradients over all layers (`PackedRows`). A larger one projects on the leading directions of
 * the rows' gradients (`chooseSketch`), takes the Fisher over all rows, or over a sample of `fisherRows` that the seed chooses, keeps
 * the sample's features in memory and writes every other row as soon as it is there; beyond 10,000 rows it leaves the start of the
 * training out, so that it costs no more than one training epoch. What was learnt of each row on the way goes beside the index, to
 * `diagnosticsFileOf(outFile)`.
 */
export async function buildIndex(
  model: AdaptedModel,
  sessions: SessionCache,
  input: BuildIndexInput,
  { onProgress, isStopped }: BuildProgress,
): Promise<BuiltIndex> {
  const { base, adapter, adapterSha256 } = model;
  const { seed = adapterSha256, outFile } = input;
  const { set, maxSeqLength, ...known } = await prepareRows(base, input.adapterDir, input.examples, input.maxSeqLength);
  const { examples, skipped } = set;
  const reach = input.reach ?? known.reach;
  const given = input.start === undefined ? known.start : (input.start ?? undefined);
  const start = examples.length > thoroughRows ? undefined : given;
  const isProjected = input.columns !== undefined || input.scope !== undefined;
  const bits = isProjected ? null : chooseRowBits(adapter.layout, examples.length);
  const { scope, ...size } = chooseSketch(adapter.layout, examples.length, input);
  let [done, total] = [0, examples.length];
  const onRows = (more: number): void => {
    done += more;
    onProgress(done, total);
  };
  const diagnostics = emptyDiagnostics(examples.length);
  const source: RowGradientsInput = {
    model: atStrength(model, gradientStrength),
    start: start === undefined ? null : atStart(model, start),
    ...{ sessions, scope, examples, diagnostics, onRows, isStopped },
    strengths: strengthsOf(examples),
  };
  const layout = attributedLayout(adapter.layout, scope);
  const limits = { rows: input.fisherRows, drawn: input.drawn };
  const fisher = bits ? planFisher(source, layout, seed, limits) : null;
  const plan = fisher?.plan ?? planDraws(source, seed, input.drawn);
  total += drawnCount(source, plan);
  const vectors =
    bits && fisher
      ? await packed(source, layout, { bits, reach, seed, ...fisher })
      : await projected(source, layout, size, { seed, reach, plan, limit: input.fisherRows ?? 8192 });
  const exampleIds = examples.map(({ id }) => id);
  const ids = packIds(exampleIds);
  const header = {
    ...{ method: attributionMethod, baseSha256: base.sha256, adapterSha256, lora: adapter.layout.lora },
    ...{ scope, strength: gradientStrength, seed, maxSeqLength, rows: examples.length, idBytes: ids.utf8.length },
    ...(start !== undefined && { start }),
    ...(reach !== undefined && { reach }),
    ...vectors.header,
  };
  const sha256 = await writeIndex(outFile, header, vectors.curvature, ids, vectors.rows);
  await writeRowDiagnostics(diagnosticsFileOf(outFile), exampleIds, diagnostics);
  const { dims, dEff } = header;
  return { sha256, method: header.method, rows: examples.length, dims, dEff, skipped };
}

type Curved = { seed: string; reach: number | undefined; plan: DrawPlan };

async function packed(
  source: RowGradientsInput,
  layout: AdapterLayout,
  options: FisherPlan & { bits: number; reach: number | undefined; seed: string },
): Promise<Vectors> {
  const { form, shift, layers, dEff, rows } = await packRows(source, layout, options);
  const taken = { fisherRows: options.sample.length, drawn: drawnCount(source, options.plan) };
  return {
    curvature: { widths: form.widths, shift },
    header: { rankWidth: layout.lora.r, dims: form.positions.length, layers, dEff, ...taken },
    rows,
  };
}

async function projected(
  gradients: RowGradientsInput,
  layout: AdapterLayout,
  size: { columns: number; rankWidth: number },
  { seed, reach, plan, limit }: Curved & { limit: number },
): Promise<Vectors> {
  const { sketch, bases, sample: sampled } = await sampleFeatures(gradients, layout, size, { limit, seed });
  const source = { ...gradients, sketch };
  const features = await fisherFeatures(source, sampled, plan, seed);
  const whitenings = sketch.layers.map((layer) => fitWhitening(features, sketch.dims, layer, reach));
  const { dEff, ...sample } = encodeSample(source, whitenings, sampled);
  const layers = whitenings.map(({ size, lambda }) => ({ size, lambda }));
  const taken = { fisherRows: sample.rows.length, drawn: drawnCount(gradients, plan) };
  return {
    curvature: { whitenings, bases },
    header: { rankWidth: size.rankWidth, dims: sketch.dims, layers, dEff, ...taken },
    rows: encodeRows(source, whitenings, sample),
  };
}

/** See RowGradientsInput. Rows of a mix are read more or less often than once a pass. */
function strengthsOf(examples: readonly PreparedExample[]): Float64Array | null {
  const reads = examples.map(({ tenths = onceInTenths }) => tenths);
  const mean = reads.reduce((sum, count) => sum + count, 0) / reads.length;
  return reads.every((count) => count === reads[0])
    ? null
    : Float64Array.from(reads, (count) => Math.sqrt(count / mean));
}
