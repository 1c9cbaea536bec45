import type { AdapterLayout } from '../lora/layout.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { createPermutation } from '../train/random.ts';
import { type DrawPlan, drawnCount, drawnGradients, drawnMost, fisherScales, planDraws } from './drawn-gradients.ts';
import { layerRanges } from './layer-ranges.ts';
import { chooseWidths, packRow, type RowForm, rowForm, scaleOf } from './low-bits.ts';
import { scaleOne } from './quantise.ts';
import { atRowStrength, letStopIn, type RowGradientsInput, rowGradients } from './row-features.ts';
import { divideByFisher, type SolvedFisher, solveFisher } from './solved-rows.ts';

/**
 * The rows of an index that projects nothing: each row's gradient divided by the damped Fisher of its layer, v = (F + lambda I)^-1 g, rounded
 * to few bits, more where an answer's gradient is large. An answer becomes its own gradient, and the product of the two is the influence.
 */
export type PackedRows = {
  form: RowForm;
  /** Scales are stored as multiples of 2^-(24 + shift): a row's numbers are many, and small. */
  shift: number;
  layers: { size: number; lambda: number }[];
  /** See IndexHeader. */
  dEff: number;
  /** All rows as `RowForm` says, in order, in parts. */
  rows: AsyncIterable<Uint8Array>;
};

/** Whose gradients make the Fisher. */
export type FisherPlan = { plan: DrawPlan; sample: Int32Array };

/** Numbers of the Fisher's lines together, 512 MB: of a large base it is taken over fewer. */
const numbersMost = 2 ** 27;
/** A dimension more, and a sum of code products could leave 32 bits. */
const keptMost = 2 ** 17;
/** Rows that are divided together. */
const rowsAtOnce = 64;
/** Rows in memory at a time: enough for full batches of every length. */
const windowRows = 4096;
/** Scales of the sample's rows come to 24 bits: there is room for rows 256 times as large. */
const scaleBits = 24;

/**
 * Lines of the Fisher, as many as fit into memory: all rows and up to 1,600 drawn gradients; or of more rows what the drawn ones leave, and
 * at least a third of the lines.
 * @param layout all B matrices
 */
export function fisherSize(layout: AdapterLayout, rows: number): { own: number; drawn: number } {
  const lines = Math.max(3, Math.floor(numbersMost / numbersOf(layout)));
  const own = Math.min(rows, Math.max(lines - drawnMost, Math.floor(lines / 3)));
  return { own, drawn: Math.min(drawnMost, lines - own) };
}

/** Which rows and draws: both are chosen by the seed. @param limits fewer rows or draws */
export function planFisher(
  source: RowGradientsInput,
  layout: AdapterLayout,
  seed: string,
  limits: { rows?: number | undefined; drawn?: number | undefined },
): FisherPlan {
  const count = source.examples.length;
  const { own, drawn } = fisherSize(layout, count);
  const sample = createPermutation(count, `${seed}|fisher`).slice(0, limits.rows ?? own);
  return { sample: sample.slice(0, own).sort(), plan: planDraws(source, seed, Math.min(drawn, limits.drawn ?? drawn)) };
}

type PackOptions = FisherPlan & { bits: number; reach: number | undefined; seed: string };

/**
 * Takes the Fisher and divides the sample; the other rows follow as they are asked for.
 * @param layout the B matrices of the source's scope
 * @param options `bits` of a number of a row, in the mean
 */
export async function packRows(
  source: RowGradientsInput,
  layout: AdapterLayout,
  options: PackOptions,
): Promise<PackedRows> {
  // By one thread whatever the passes have: products of few lines differ in their last bits between one and two.
  const solver = new SessionCache(32, { threads: 1 });
  try {
    return await packWith(solver, source, layout, options);
  } catch (error) {
    await solver.release();
    throw error;
  }
}

async function packWith(
  solver: SessionCache,
  source: RowGradientsInput,
  layout: AdapterLayout,
  { bits, reach, seed, plan, sample }: PackOptions,
): Promise<PackedRows> {
  const ranges = layerRanges(layout);
  const numbers = numbersOf(layout);
  const roots = await rootsByLayer(source, ranges, { plan, sample }, seed);
  const drawn = drawnCount(source, plan);
  const vectors = Array.from(sample, () => new Float32Array(numbers));
  const squares = new Float64Array(numbers);
  const fishers: SolvedFisher[] = [];
  const leverages = new Float64Array(sample.length);
  for (const [layer, { offset, length }] of ranges.entries()) {
    const own = roots[layer]!.slice(drawn * length);
    const { own: scale } = fisherScales(drawn, sample.length);
    for (let i = 0; i < own.length; i++) own[i]! /= scale;
    const fisher = await solveFisher(roots[layer]!, length, solver, reach);
    const solved = await divideByFisher(fisher, own, solver);
    for (const [i, vector] of vectors.entries()) {
      const [g, v] = [lineOf(own, i, length), lineOf(solved, i, length)];
      for (let k = 0; k < length; k++) squares[offset + k]! += g[k]! * g[k]!;
      leverages[i]! += leverageOf(g, v, fisher, source.examples.length);
      vector.set(v, offset);
    }
    fishers.push(fisher);
    await letStopIn(source);
  }
  for (const [i, row] of sample.entries()) {
    atRowStrength(source, row, vectors[i]!);
    source.diagnostics.selfInfluences[row] = leverages[i]!;
  }
  const form = rowForm(chooseWidths(importanceOf(vectors, squares), bits * numbers, keptMost));
  const largest = Math.max(...vectors.map((vector) => scaleOf(vector, form)));
  const shift = shiftOf(largest, source.examples.length);
  const sum = leverages.reduce((total, value) => total + value, 0);
  return {
    ...{ form, shift, layers: fishers.map(({ length: size, lambda }) => ({ size, lambda })) },
    dEff: (sum * source.examples.length) / sample.length,
    rows: inOrder(source, { solver, fishers, ranges, form, one: scaleOne * 2 ** shift }, sample, vectors),
  };
}

type Packing = {
  solver: SessionCache;
  fishers: readonly SolvedFisher[];
  ranges: readonly { offset: number; length: number }[];
  form: RowForm;
  one: number;
};

/** A window at a time: rows of the sample as they are, the others as they come from the model. Releases the solver. */
async function* inOrder(
  source: RowGradientsInput,
  packing: Packing,
  sample: Int32Array,
  vectors: readonly Float32Array[],
): AsyncGenerator<Uint8Array> {
  const { form, one } = packing;
  const places = new Map(Array.from(sample, (row, place) => [row, place]));
  try {
    for (let start = 0; start < source.examples.length; start += windowRows) {
      const count = Math.min(windowRows, source.examples.length - start);
      const bytes = new Uint8Array(count * form.bytes);
      const put = (row: number, vector: Float32Array): void =>
        packRow(vector, form, one, bytes, (row - start) * form.bytes);
      const others: number[] = [];
      for (let row = start; row < start + count; row++) {
        const place = places.get(row);
        if (place === undefined) others.push(row);
        else put(row, vectors[place]!);
      }
      for await (const group of gradientGroups(source, others)) {
        for (const [i, vector] of (await divided(source, packing, group)).entries()) put(group.rows[i]!, vector);
      }
      yield bytes;
    }
  } finally {
    await packing.solver.release();
  }
}

type Group = { rows: number[]; gradients: Float32Array[] };

/** Gradients times the rows' strengths, as many at a time as are divided together. */
async function* gradientGroups(source: RowGradientsInput, which: readonly number[]): AsyncGenerator<Group> {
  let group: Group = { rows: [], gradients: [] };
  for await (const { rows, gradients } of rowGradients(source, which)) {
    for (const [i, row] of rows.entries()) {
      group.rows.push(row);
      group.gradients.push(atRowStrength(source, row, gradients[i]!.slice()));
      if (group.rows.length < rowsAtOnce) continue;
      yield group;
      group = { rows: [], gradients: [] };
    }
  }
  if (group.rows.length > 0) yield group;
}

/**
 * The vectors of rows that the Fisher was not taken over. Each counts in it for its own score (Sherman and Morrison: 1 / (1 + leverage)), so
 * that a sample opens no door to outliers.
 */
async function divided(
  source: RowGradientsInput,
  { solver, fishers, ranges }: Packing,
  { rows, gradients }: Group,
): Promise<Float32Array[]> {
  const vectors = gradients.map((gradient) => new Float32Array(gradient.length));
  const leverages = new Float64Array(rows.length);
  for (const [layer, { offset, length }] of ranges.entries()) {
    const own = new Float32Array(rowsAtOnce * length);
    for (const [i, gradient] of gradients.entries()) own.set(gradient.subarray(offset, offset + length), i * length);
    const solved = await divideByFisher(fishers[layer]!, own, solver);
    for (const [i, vector] of vectors.entries()) {
      const [g, v] = [lineOf(own, i, length), lineOf(solved, i, length)];
      const leverage = leverageOf(g, v, fishers[layer]!, source.examples.length);
      for (let k = 0; k < length; k++) vector[offset + k] = v[k]! / (1 + leverage);
      leverages[i]! += leverage / (1 + leverage);
    }
  }
  for (const [i, row] of rows.entries()) {
    atRowStrength(source, row, vectors[i]!);
    source.diagnostics.selfInfluences[row] = leverages[i]!;
  }
  return vectors;
}

function lineOf(lines: Float32Array, i: number, length: number): Float32Array {
  return lines.subarray(i * length, (i + 1) * length);
}

/** What a row scores on itself in a layer. */
function leverageOf(gradient: Float32Array, solved: Float32Array, { lambda }: SolvedFisher, rows: number): number {
  let sum = 0;
  for (let k = 0; k < gradient.length; k++) sum += gradient[k]! * solved[k]!;
  return sum / Math.sqrt(lambda) / rows;
}

/** X of each layer: drawn gradients, then the sample's own, every line times the row's strength and the root of what it counts in F. */
async function rootsByLayer(
  source: RowGradientsInput,
  ranges: readonly { offset: number; length: number }[],
  { plan, sample }: FisherPlan,
  seed: string,
): Promise<Float32Array[]> {
  const drawn = drawnCount(source, plan);
  const scales = fisherScales(drawn, sample.length);
  const roots = ranges.map(({ length }) => new Float32Array((drawn + sample.length) * length));
  const put = (line: number, gradient: Float32Array, scale: number): void => {
    for (const [layer, { offset, length }] of ranges.entries()) {
      const root = roots[layer]!;
      for (let i = 0; i < length; i++) root[line * length + i] = scale * gradient[offset + i]!;
    }
  };
  const places = new Map(Array.from(sample, (row, place) => [row, place]));
  for await (const { rows, gradients } of rowGradients(source, sample)) {
    for (const [i, row] of rows.entries()) {
      put(drawn + places.get(row)!, atRowStrength(source, row, gradients[i]!), scales.own);
    }
  }
  let line = 0;
  for await (const { rows, gradients } of drawnGradients(source, plan, seed)) {
    for (const [i, row] of rows.entries()) put(line++, atRowStrength(source, row, gradients[i]!), scales.drawn);
  }
  return roots;
}

/** Of each number: its mean square over the rows' vectors, all at length 1, times that of the rows' gradients, which answers' are like. */
function importanceOf(vectors: readonly Float32Array[], squares: Float64Array): Float64Array {
  const importance = new Float64Array(squares.length);
  for (const vector of vectors) {
    let all = 0;
    for (let k = 0; k < vector.length; k++) all += vector[k]! * vector[k]!;
    if (all > 0) for (let k = 0; k < vector.length; k++) importance[k]! += vector[k]! ** 2 / all;
  }
  return importance.map((value, k) => value * squares[k]!);
}

/** As far as the largest scale and the divisor of the scan, rows x 2^shift, allow. */
function shiftOf(largest: number, rows: number): number {
  const ofScale = largest > 0 ? scaleBits - Math.ceil(Math.log2(largest * scaleOne)) : 0;
  return Math.max(0, Math.min(ofScale, 31 - Math.ceil(Math.log2(rows + 1))));
}

function numbersOf(layout: AdapterLayout): number {
  return layerRanges(layout).reduce((sum, { length }) => sum + length, 0);
}
