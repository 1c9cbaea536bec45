import { join } from 'node:path';
import { AttributionService, type ModelPlace } from '#lib/engine/attribution/attribution-service.ts';
import type { BuildIndexInput } from '#lib/engine/attribution/build-index.ts';
import { chooseRowBits } from '#lib/engine/attribution/choose-row-bits.ts';
import { chooseSketch, thoroughRows } from '#lib/engine/attribution/choose-sketch.ts';
import { createBasisSketch, fitBases } from '#lib/engine/attribution/gradient-bases.ts';
import { attributedLayout, loadAdaptedModel } from '#lib/engine/attribution/gradient-source.ts';
import { layerRanges } from '#lib/engine/attribution/layer-ranges.ts';
import { fisherSize } from '#lib/engine/attribution/packed-rows.ts';
import { divideByFisher, type SolvedFisher, solveFisher } from '#lib/engine/attribution/solved-rows.ts';
import { fitWhitening } from '#lib/engine/attribution/whitening.ts';
import type { AdapterLayout } from '#lib/engine/lora/layout.ts';
import { SessionCache } from '#lib/engine/runtime/session-cache.ts';
import { loadBaseModel } from '#lib/engine/train/base-model.ts';
import type { TrainingExample } from '#lib/engine/train/prepare-examples.ts';
import { createNormal, createRandom } from '#lib/engine/train/random.ts';
import type { BenchContext } from '../main.ts';
import { costOf } from '../measure.ts';

type Built = {
  folder: string;
  examples: TrainingExample[];
  epochCpuSeconds: number;
  /** More rows of the same kind, whose whole build is measured, too. */
  more: TrainingExample[];
  /** Numbers of rows for which it is computed. */
  sizes: readonly number[];
};

const fisherRows = 8192;
/** Drawn gradients of an index, see `planDraws`. */
const drawn = 1600;
/** As many as two builds share, or differ in. */
const [fewDrawn, moreDrawn] = [64, 400];

/**
 * The whole build of real rows, its graphs compiled anew, against the steps of one epoch over them on compiled graphs; and
 * what that makes at other sizes: a rate a row, one a drawn gradient, and a Fisher of these and of a sample of the rows.
 * A million rows take hours.
 */
export async function measureBuild({ emit, log }: BenchContext, place: ModelPlace, built: Built): Promise<void> {
  const service = new AttributionService(1);
  const { folder, examples, epochCpuSeconds } = built;
  const cpuOfBuild = async (input: Partial<BuildIndexInput>): Promise<number> => {
    const outFile = join(folder, 'built.index');
    const progress = { onProgress: () => {}, isStopped: () => false };
    return (await costOf(() => service.buildIndex({ ...place, examples, outFile, ...input }, progress))).cpu;
  };
  const epochName = 'one training epoch';
  const count = examples.length;
  for (const whole of [examples, built.more]) {
    const epoch = (epochCpuSeconds / count) * whole.length;
    emit({
      ...{ case: `build, ${whole.length} rows`, value: await cpuOfBuild({ examples: whole }), unit: 'cpu-s' },
      ...{ peer: { name: epochName, value: epoch }, target: { atMost: 1 } },
    });
  }
  const { layout } = (await loadAdaptedModel(await loadBaseModel(place.modelDir), place.adapterDir)).adapter;
  const rates = new Map<string, { row: number; draw: number }>();
  for (const rows of built.sizes) {
    const { columns, scope } = chooseSketch(layout, rows);
    // Projected, with a small Fisher, which is all that the two builds share: packed rows take the same passes.
    const few = { columns, scope, fisherRows: 8, drawn: fewDrawn, ...(rows > thoroughRows && { start: null }) };
    const rateName = JSON.stringify(few);
    const part = examples.slice(0, count / 4);
    const measure = async (): Promise<{ row: number; draw: number }> => {
      const all = await cpuOfBuild(few);
      const drawnMore = await cpuOfBuild({ ...few, drawn: fewDrawn + moreDrawn });
      const row = (all - (await cpuOfBuild({ ...few, examples: part }))) / (0.75 * count);
      return { row, draw: (drawnMore - all) / moreDrawn };
    };
    const rate = rates.get(rateName) ?? (await measure());
    rates.set(rateName, rate);
    const fisher =
      chooseRowBits(layout, rows) === null
        ? (await cpuOfBases(layout, rows)) + (await cpuOfFisher(layout, rows))
        : await cpuOfDivision(layout, rows);
    const value = rate.row * rows + rate.draw * drawn + fisher;
    log(`  ${rows} rows: ${inMs(rate.row)} a row, ${inMs(rate.draw)} a drawn gradient`);
    emit({
      ...{ case: `build, ${rows} rows, computed from ${count}`, value, unit: 'cpu-s' },
      ...{ peer: { name: epochName, value: (epochCpuSeconds / count) * rows }, target: { atMost: 1 } },
    });
  }
  await service.release();
}

function inMs(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)} ms`;
}

/** Of the directions of the gradients of 256 rows. */
async function cpuOfBases(layout: AdapterLayout, rows: number): Promise<number> {
  const { scope, ...size } = chooseSketch(layout, rows);
  const own = attributedLayout(layout, scope);
  const random = createRandom('gradients');
  const gradients = Array.from({ length: 256 }, () => Float32Array.from({ length: own.length }, random));
  return (await costOf(() => fitBases(own, gradients, size, 'bench'))).cpu;
}

/** Of the rows that the Fisher is taken over: its sums, from the difference of two sizes, and the factor. */
async function cpuOfFisher(layout: AdapterLayout, rows: number): Promise<number> {
  const { scope, ...size } = chooseSketch(layout, rows);
  const own = attributedLayout(layout, scope);
  const { dims, layers } = createBasisSketch(
    own,
    size.rankWidth,
    fitBases(own, [new Float32Array(own.length).fill(1)], size, 'bench'),
  );
  const costOfFit = async (count: number): Promise<number> => {
    const features = Float32Array.from({ length: count * dims }, (_, i) => Math.sin(i));
    return (await costOf(() => layers.map((layer) => fitWhitening(features, dims, layer)))).cpu;
  };
  const [few, many] = [await costOfFit(64), await costOfFit(192)];
  return few + ((many - few) / 128) * (drawn + Math.min(rows, fisherRows) - 64);
}

/** Of packed rows: the Fisher of one layer, times the layers, and every row divided by it. */
async function cpuOfDivision(layout: AdapterLayout, rows: number): Promise<number> {
  const { own, drawn: most } = fisherSize(layout, rows);
  const layers = layerRanges(layout);
  const { length } = layers[0]!;
  const random = createNormal('gradients');
  const sessions = new SessionCache(64, { threads: 1 });
  const root = Float32Array.from({ length: (own + most) * length }, random);
  let fisher: SolvedFisher | null = null;
  const solve = await costOf(async () => {
    fisher = await solveFisher(root, length, sessions, 1);
  });
  const group = root.slice(0, 64 * length);
  await divideByFisher(fisher!, group, sessions);
  const divide = await costOf(() => divideByFisher(fisher!, group, sessions));
  await sessions.release();
  return layers.length * (solve.cpu + (divide.cpu * rows) / 64);
}
