import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScopeOfB } from '../lora/layout-part.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { loadBaseModel } from '../train/base-model.ts';
import { type MicroBatch, toMicroBatch } from '../train/batches.ts';
import { createStepEngine } from '../train/create-step-engine.ts';
import { prepareExamples } from '../train/prepare-examples.ts';
import { createPermutation, createRandom } from '../train/random.ts';
import { atStart } from './at-start.ts';
import { atStrength } from './at-strength.ts';
import type { AttributionEngine } from './attribution-engine.ts';
import { createBasisSketch } from './gradient-bases.ts';
import { attributedLayout, loadAdaptedModel } from './gradient-source.ts';
import { layerRanges } from './layer-ranges.ts';
import { packRows, planFisher } from './packed-rows.ts';
import { prepareRows } from './prepare-rows.ts';
import { readIndex } from './read-index.ts';
import { emptyDiagnostics, readRowDiagnostics } from './row-diagnostics.ts';
import { featureBatches } from './row-features.ts';
import { sketchGradient } from './sketch.ts';
import { examples, openFactRun, questionOf, recipe } from './test-support/fact-run.ts';
import { referenceInfluence } from './test-support/reference-influence.ts';

/** An index and its scores, built and scanned as the product does, against the definition by hand. */
let root = '';
let modelDir = '';
let adapterDir = '';
let indexFile = '';
let tokenizer: Tokenizer;
let engine: AttributionEngine;

beforeAll(async () => {
  ({ root, modelDir, tokenizer, engine, adapterDir, indexFile } = await openFactRun());
}, 60_000);
afterAll(async () => {
  await engine.close();
  await rm(root, { recursive: true });
});

async function scoresOf(at: number, index = indexFile): Promise<number[]> {
  const { scores } = await engine.score({ modelDir, adapterDir, indexFile: index, ...questionOf(tokenizer, at) });
  return Array.from(scores, (value) => Number(value) / 2 ** 32);
}

/** F's root as the method says it: drawn gradients, and the rows’ own. */
function rootOf(drawn: readonly number[][], rows: readonly number[][]): number[][] {
  return [
    ...drawn.map((line) => line.map((value) => value / Math.sqrt(drawn.length))),
    ...rows.map((line) => line.map((value) => value * Math.sqrt(1 / rows.length))),
  ];
}

function expectWithin(part: number, found: readonly number[], expected: readonly number[]): void {
  const largest = Math.max(...expected.map(Math.abs));
  for (const [u, value] of found.entries()) expect(Math.abs(value - expected[u]!)).toBeLessThan(part * largest);
}

/** Gradients of rows, of the same as answers and of labels that the model gives, row by row, with none of the index's code around. */
async function gradientsByHand(scope: ScopeOfB, seed: string) {
  const model = await loadAdaptedModel(await loadBaseModel(modelDir), adapterDir);
  const sessions = new SessionCache(8, { threads: 1 });
  const layout = attributedLayout(model.adapter.layout, scope);
  const { examples: prepared } = prepareExamples(
    tokenizer,
    examples,
    { maxSeqLength: 96, lossOn: 'completion' },
    'test set',
  );
  const points = [atStrength(model, 0.85), atStart(model, String(recipe.seed))];
  const [rows, queries, drawn]: Float32Array[][] = [[], [], []];
  for (const [point, { base, adapter }] of points.entries()) {
    const step = createStepEngine({ base, layout: adapter.layout, sessions });
    const random = createRandom(`${seed}|labels|${point}`);
    const gradientsOf = async (micro: MicroBatch): Promise<Float32Array[]> => {
      const { gradients } = await step.topGradients(adapter.theta, micro, scope);
      return Array.from({ length: micro.batch }, (_, i) => gradients.slice(i * layout.length, (i + 1) * layout.length));
    };
    // Labels are drawn in the order of the batches; all else does not depend on it.
    for (const batch of featureBatches(prepared, 96)) {
      const micro = toMicroBatch(prepared, batch, 8, 1);
      for (const [i, gradient] of (await gradientsOf(micro)).slice(0, batch.rows.length).entries()) {
        const row = batch.rows[i]!;
        if (point === 0) [queries![row], rows![row]] = [gradient, gradient.map((value) => value / 2)];
        else rows![row] = rows![row]!.map((value, k) => value + gradient[k]! / 2);
      }
      for (const labels of await step.drawLabels(adapter.theta, micro, { count: 4, random })) {
        expect(labels).not.toEqual(micro.feeds.labels);
        const gradients = await gradientsOf({ ...micro, feeds: { ...micro.feeds, labels } });
        drawn!.push(...gradients.slice(0, batch.rows.length));
      }
    }
  }
  await sessions.release();
  return { layout, rows: rows!, queries: queries!, drawn: drawn! };
}

describe('scores of an index', () => {
  it('agree with the formula in float64 without whitening, factors and int8', async () => {
    const columns = 20; // keeps the slow solve small: 160 features
    const outFile = join(root, 'narrow.index');
    const { reach: ofRun } = JSON.parse(await readFile(join(adapterDir, 'run-manifest.json'), 'utf8'));
    expect((await readIndex(indexFile)).header).toMatchObject({
      reach: ofRun,
      start: String(recipe.seed),
      strength: 0.85,
    });
    const input = { modelDir, adapterDir, examples, outFile, columns, seed: 'reference', reach: ofRun / 2 };
    await engine.buildIndex(input);
    const { header, bases } = await readIndex(outFile);
    const { scope } = header as { scope: ScopeOfB };
    const found = await gradientsByHand(scope, 'reference');
    const sketch = createBasisSketch(found.layout, header.rankWidth, bases!);
    expect([header.reach, sketch.dims]).toEqual([ofRun / 2, 2 * 4 * columns]);
    for (const { lambda } of header.layers) expect(lambda).toBeGreaterThanOrEqual(2 / ofRun);
    expect([found.drawn.length, header.drawn]).toEqual([2 * 4 * examples.length, 48]);
    const project = (gradient: Float32Array): number[] => [...sketchGradient(sketch, gradient)];
    const [rows, drawn] = [found.rows.map(project), found.drawn.map(project)];
    const lambdas = header.layers.map(({ lambda }) => lambda);
    for (const [at, query] of found.queries.map(project).entries()) {
      const expected = referenceInfluence(rows, query, sketch.layers, { lambdas, root: rootOf(drawn, rows) });
      // int8 steps are 0.4 % of the largest entry; over hundreds of entries the errors cancel to well under 1 %.
      expectWithin(0.02, await scoresOf(at, outFile), expected);
    }

    // Of two rows alone the Fisher has a part; each other one counts in it for its own score.
    await engine.buildIndex({ ...input, fisherRows: 2 });
    const few = await readIndex(outFile);
    const again = createBasisSketch(found.layout, few.header.rankWidth, few.bases!);
    const [all, drawnAgain] = [found.rows, found.drawn].map((list) =>
      list.map((gradient) => [...sketchGradient(again, gradient)]),
    ) as [number[][], number[][]];
    const sampled = createPermutation(examples.length, 'reference|fisher').slice(0, 2);
    const others = [...examples.keys()].filter((row) => !sampled.includes(row));
    const own = Array.from(sampled, (row) => all[row]!);
    const query = [...sketchGradient(again, found.queries[1]!)];
    const options = { lambdas: few.header.layers.map(({ lambda }) => lambda), root: rootOf(drawnAgain, own) };
    const found1 = await scoresOf(1, outFile);
    const byFormula = (outside: number[]): number =>
      (referenceInfluence(own, query, again.layers, {
        ...options,
        outside,
        outsideWeight: 2 / examples.length,
      }).at(-1)! *
        2) /
      examples.length;
    expectWithin(
      0.02,
      others.map((row) => found1[row]!),
      others.map((row) => byFormula(all[row]!)),
    );
  }, 30_000);

  it('agree with it over all of the gradient, too, which is what an index of few rows keeps', async () => {
    const { header } = await readIndex(indexFile);
    expect(header).toMatchObject({ packed: { shift: expect.any(Number) }, drawn: 48, fisherRows: examples.length });
    const found = await gradientsByHand(header.scope as ScopeOfB, header.seed);
    const layers = layerRanges(found.layout).map(({ offset, length }) => ({ offset, size: length }));
    const [rows, drawn] = [found.rows.map((row) => [...row]), found.drawn.map((row) => [...row])];
    const options = { lambdas: header.layers.map(({ lambda }) => lambda), root: rootOf(drawn, rows) };
    const expected = referenceInfluence(rows, [...found.queries[2]!], layers, options);
    // Four bits a number, and few numbers over which their errors cancel.
    expectWithin(0.15, await scoresOf(2), expected);
    // What a row scores on itself is not rounded. Of one row: the slow formula solves for every entry of the gradient.
    const { selfInfluence } = (await readRowDiagnostics(indexFile))![3]!;
    expect(selfInfluence / referenceInfluence(rows, rows[3]!, layers, options)[3]!).toBeCloseTo(1, 2);

    // Of two rows alone the Fisher has a part; each other one counts in it for its own score.
    const outFile = join(root, 'few.index');
    const input = { modelDir, adapterDir, examples, outFile, seed: header.seed, fisherRows: 2 };
    await engine.buildIndex(input);
    const few = (await readIndex(outFile)).header;
    expect(few).toMatchObject({ fisherRows: 2, drawn: 48, packed: expect.any(Object) });
    const sampled = createPermutation(examples.length, `${header.seed}|fisher`).slice(0, 2);
    const own = Array.from(sampled, (row) => rows[row]!);
    const other = [...examples.keys()].find((row) => !sampled.includes(row))!;
    const alone = referenceInfluence(own, [...found.queries[2]!], layers, {
      lambdas: few.layers.map(({ lambda }) => lambda),
      root: rootOf(drawn, own),
      outside: rows[other]!,
      outsideWeight: 2 / examples.length,
    }).at(-1)!;
    const [score, largest] = [(await scoresOf(2, outFile))[other]!, Math.max(...expected.map(Math.abs))];
    expect(Math.abs(score - (alone * 2) / examples.length)).toBeLessThan(0.15 * largest);
  }, 120_000);

  it('with few bits keeps the numbers in which answers are large', async () => {
    const { header } = await readIndex(indexFile);
    const found = await gradientsByHand(header.scope as ScopeOfB, header.seed);
    const model = await loadAdaptedModel(await loadBaseModel(modelDir), adapterDir);
    const { set } = await prepareRows(model.base, adapterDir, examples);
    const sessions = new SessionCache(8, { threads: 1 });
    const source = {
      ...{ model: atStrength(model, 0.85), start: atStart(model, String(recipe.seed)), sessions },
      ...{ scope: header.scope as ScopeOfB, examples: set.examples, strengths: null },
      ...{ diagnostics: emptyDiagnostics(examples.length), onRows: () => {}, isStopped: () => false },
    };
    const options = { bits: 0.5, reach: header.reach, seed: header.seed };
    const packed = await packRows(source, found.layout, {
      ...options,
      ...planFisher(source, found.layout, header.seed, {}),
    });
    for await (const bytes of packed.rows) expect(bytes).toHaveLength(examples.length * packed.form.bytes);
    await sessions.release();
    const { widths, positions } = packed.form;
    expect(widths.reduce((sum, bits) => sum + bits, 0)).toBeLessThanOrEqual(widths.length / 2);
    const squareOf = (gradient: Float32Array): number => gradient.reduce((sum, value) => sum + value * value, 0);
    for (const query of found.queries) {
      const kept = Float32Array.from(positions, (at) => query[at]!);
      // Kept at random it would be as large a part as it is of the numbers.
      expect(squareOf(kept) / squareOf(query)).toBeGreaterThan(1.8 * (positions.length / query.length));
    }
  }, 60_000);
});
