import { createHash } from 'node:crypto';
import { access, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTinyAdapter } from '../io/test-support/tiny-adapter.ts';
import { createTinyModel } from '../io/test-support/tiny-model.ts';
import type { ScopeOfB } from '../lora/layout-part.ts';
import { linearModules } from '../nn/weights.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { loadBaseModel } from '../train/base-model.ts';
import type { ChatExample } from '../train/prepare-examples.ts';
import { atStrength } from './at-strength.ts';
import { AttributionEngine, type ScoreInferenceOptions } from './attribution-engine.ts';
import { exampleGradients, loadAdaptedModel } from './gradient-source.ts';
import { idAt } from './packed-ids.ts';
import { prepareAnswer } from './query-codes.ts';
import { readIndex } from './read-index.ts';
import { readRowDiagnostics } from './row-diagnostics.ts';
import type { InferenceScores } from './score-inference.ts';
import { examples, openFactRun, questionOf, trainOn } from './test-support/fact-run.ts';
import { writeSignIndex } from './test-support/write-sign-index.ts';

let root = '';
let modelDir = '';
let adapterDir = '';
let indexFile = '';
let tokenizer: Tokenizer;
let engine: AttributionEngine;

const train = (rows: ChatExample[], name: string): Promise<string> => trainOn(rows, { root, modelDir, name });

beforeAll(async () => {
  ({ root, modelDir, tokenizer, engine, adapterDir, indexFile } = await openFactRun());
}, 60_000);
afterAll(async () => {
  await engine.close();
  await rm(root, { recursive: true });
});

const question = (at: number) => questionOf(tokenizer, at);

const score = (at: number, options: Partial<ScoreInferenceOptions> = {}): Promise<InferenceScores> =>
  engine.score({ modelDir, adapterDir, indexFile, ...question(at), ...options });

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const inNats = (scores: BigInt64Array): number[] => Array.from(scores, (value) => Number(value) / 2 ** 32);

describe('influence scores', () => {
  it('predict what happens to an answer when a row is left out and the adapter trained again', async () => {
    const predicted: number[] = [];
    const actual: number[] = [];
    const answers = [];
    for (const at of examples.keys()) answers.push(await score(at, { withBaseLogprobs: true }));
    for (const [out] of examples.entries()) {
      const without = await train(
        examples.filter((_, at) => at !== out),
        `without-${out}`,
      );
      const other = join(root, `without-${out}.index`);
      await engine.buildIndex({ modelDir, adapterDir: without, examples, outFile: other, columns: 1 });
      for (const [at, { scores, tunedLogprobs }] of answers.entries()) {
        const retrained = await score(at, { adapterDir: without, indexFile: other });
        predicted.push(inNats(scores)[out]!);
        actual.push(sum(tunedLogprobs) - sum(retrained.tunedLogprobs));
      }
    }
    expect(pearson(predicted, actual)).toBeGreaterThan(0.8);
    for (const [at, { scores, rows, cutScore, sigma, tunedLogprobs, baseLogprobs }] of answers.entries()) {
      expect(scores).toHaveLength(examples.length);
      const above = examples.flatMap(({ id }, u) =>
        scores[u]! > cutScore ? [{ exampleId: id, score: scores[u]! }] : [],
      );
      expect(rows).toEqual(above);
      expect(argMax(inNats(scores))).toBe(at); // the planted row comes first
      expect(sigma).toBeGreaterThan(0n);
      expect(tunedLogprobs).toHaveLength(question(at).completionIds.length);
      expect(sum(tunedLogprobs)).toBeGreaterThan(sum(baseLogprobs!));
    }
  }, 60_000);

  it('and the index are bit-identical when made again, in another thread, with two threads', async () => {
    const second = AttributionEngine.open({ threads: 2 });
    const outFile = join(root, 'again.index');
    const progress: number[] = [];
    const onProgress = (done: number): number => progress.push(done);
    const built = await second.buildIndex({ modelDir, adapterDir, examples, outFile, onProgress });
    expect(await readFile(outFile)).toEqual(await readFile(indexFile));
    // Each row, and four labels drawn for it at both points.
    expect(progress.at(-1)).toBe(9 * examples.length);
    // So few rows keep every number.
    const { packed } = (await readIndex(outFile)).header;
    expect(built).toMatchObject({
      rows: examples.length,
      dims: packed!.numbers,
      skipped: [],
    });
    // At most one a row and layer.
    expect(built.dEff).toBeGreaterThan(1);
    expect(built.dEff).toBeLessThan(2 * examples.length);
    const again = await second.score({ modelDir, adapterDir, indexFile: outFile, ...question(1) });
    expect(again).toEqual(await score(1));
    expect(again.indexSha256).toBe(built.sha256);
    await second.close();
  });
});

describe('what a stranger computes again', () => {
  it('is equal in all integers from index and codes, and in the codes from adapter and tokens', async () => {
    const { tunedLogprobs, baseLogprobs, queryCodes, queryCodesHash, ...scores } = await score(2);
    expect(await engine.rescore({ indexFile, queryCodes })).toEqual(scores);
    expect(await engine.queryCodes({ modelDir, adapterDir, indexFile, ...question(2) })).toEqual({
      ...{ queryCodes, queryCodesHash, tunedLogprobs },
    });
    expect(createHash('sha256').update(queryCodes).digest('hex')).toBe(queryCodesHash);
    const positive = [...scores.scores].filter((value) => value > 0n).reduce((total, value) => total + value, 0n);
    expect([scores.positiveSum, scores.indexRows]).toEqual([positive, examples.length]);
    const changed = queryCodes.slice();
    changed[7]! ^= 1;
    expect((await engine.rescore({ indexFile, queryCodes: changed })).scores).not.toEqual(scores.scores);
  });

  it('is refused for codes that are none of the index', async () => {
    const { queryCodes } = await score(0);
    const refused = { code: 'attribution_query_invalid' };
    for (const codes of [queryCodes.slice(1), queryCodes.slice(0, 3), queryCodes.slice().fill(0, -4)]) {
      await expect(engine.rescore({ indexFile, queryCodes: codes })).rejects.toMatchObject(refused);
    }
    await expect(engine.rescore({ indexFile, queryCodes: queryCodes.slice().fill(128, 0, 1) })).rejects.toMatchObject(
      refused,
    );
  });
});

describe('beside the scores of answers', () => {
  it('rows have an influence on the probes of other groups, and none on those of their own', async () => {
    const probes = examples.map((example, at) => ({ example: { ...example, id: `probe_${at}` }, group: at }));
    const place = { modelDir, adapterDir, indexFile };
    const all = await engine.probeInfluence({ ...place, probes, groupOf: {} });
    const expected = examples.map(() => 0n);
    for (const at of examples.keys())
      for (const [u, value] of (await score(at)).scores.entries()) expected[u]! += value;
    expect(all.rows.map(({ exampleId, net }) => [exampleId, net])).toEqual(
      examples.map(({ id }, u) => [id, expected[u]]),
    );
    const groupOf = Object.fromEntries(examples.map(({ id }, at) => [id, at]));
    const others = await engine.probeInfluence({ ...place, probes, groupOf });
    for (const [u, { net, worst, worstProbe }] of others.rows.entries()) {
      const scores: bigint[] = [];
      for (const at of examples.keys()) scores.push(at === u ? 0n : (await score(at)).scores[u]!);
      const [lowest] = [...scores].sort((a, b) => Number(a - b));
      const worstScore = lowest! < 0n ? lowest! : 0n;
      expect(net).toBe(scores.reduce((total, value) => total + value, 0n));
      expect(worst).toBe(worstScore);
      expect(worstProbe).toBe(worstScore < 0n ? `probe_${scores.indexOf(worstScore)}` : null);
    }
    expect(others.rows.some(({ worst }) => worst < 0n)).toBe(true);
  });

  it('rows have loss, gradient norm and influence on themselves, and a wrong answer has the largest loss', async () => {
    const wrong = { ...examples[1]!, id: 'ex_wrong', messages: [examples[1]!.messages[0]!, examples[2]!.messages[1]!] };
    const outFile = join(root, 'diagnosed.index');
    const built = await engine.buildIndex({ modelDir, adapterDir, examples: [...examples, wrong], outFile });
    const found = (await readRowDiagnostics(outFile))!;
    expect(found.map(({ exampleId }) => exampleId)).toEqual([...examples.map(({ id }) => id), 'ex_wrong']);
    expect(sum(found.map(({ selfInfluence }) => selfInfluence))).toBeCloseTo(built.dEff, 4);
    const model = atStrength(await loadAdaptedModel(await loadBaseModel(modelDir), adapterDir), 0.85);
    const { scope } = (await readIndex(outFile)).header as { scope: ScopeOfB };
    const sessions = new SessionCache(4, { threads: 1 });
    for (const [at, { loss, gradientNorm }] of found.slice(0, -1).entries()) {
      expect(loss).toBeLessThan(found.at(-1)!.loss);
      const { promptIds, completionIds } = question(at);
      const { tunedLogprobs, indexRows } = await score(at, { indexFile: outFile });
      expect(indexRows).toBe(examples.length + 1);
      expect(loss).toBeCloseTo(-sum(tunedLogprobs) / tunedLogprobs.length, 4);
      const example = prepareAnswer({ promptIds, completionIds }, 96);
      const { gradients } = await exampleGradients(model, sessions, scope, [example], { rows: [0], time: 32 }, 1);
      expect(gradientNorm / (Math.hypot(...gradients[0]!) / Math.sqrt(completionIds.length))).toBeCloseTo(1, 3);
    }
    await sessions.release();
    expect(await readRowDiagnostics(join(root, 'nothing.index'))).toBeNull();
  });

  it('indexes of earlier methods are read, and their queries are made of their matrices by their signs', async () => {
    const model = await loadAdaptedModel(await loadBaseModel(modelDir), adapterDir);
    const last = { firstLayer: 1, modules: linearModules };
    const everything = { firstLayer: 0, modules: linearModules };
    const [first, second, wide] = ['first', 'second', 'wide'].map((name) => join(root, `${name}.index`));
    await writeSignIndex(first!, model, examples, { method: 'lora-b-fisher-int8/1', width: 15 });
    await writeSignIndex(second!, model, examples, { method: 'lora-b-fisher-int8/2', width: 15, scope: last });
    await writeSignIndex(wide!, model, examples, { method: 'lora-b-fisher-int8/2', width: 15, scope: everything });
    const [old, one, all] = [
      await score(3, { indexFile: first! }),
      await score(3, { indexFile: second! }),
      await score(3, { indexFile: wide! }),
    ];
    expect([old.method, one.method]).toEqual(['lora-b-fisher-int8/1', 'lora-b-fisher-int8/2']);
    expect([old.queryCodes.length, one.queryCodes.length]).toEqual([2 * 7 * 4 * 15 + 4, 7 * 4 * 15 + 4]);
    // The same matrices, by the graph of all gradients and by that of the scope's.
    expect(pearson(inNats(old.scores), inNats(all.scores))).toBeGreaterThan(0.9999);
    for (const { scores } of [old, one]) expect(argMax(inNats(scores))).toBe(3);
  });
});

describe('an index of more rows than its Fisher takes', () => {
  const many = Array.from({ length: 30 }, (_, i) => ({ ...examples[i % 6]!, id: `many_${i}` }));
  const build = (name: string, fisherRows: number) =>
    engine.buildIndex({ modelDir, adapterDir, examples: many, outFile: join(root, name), fisherRows, columns: 28 });

  it('is streamed: each row once, in order, the same bytes again, and nearly the scores of the whole Fisher', async () => {
    await build('whole.index', 30);
    await build('sampled.index', 20);
    await build('sampled-again.index', 20);
    expect(await readFile(join(root, 'sampled-again.index'))).toEqual(await readFile(join(root, 'sampled.index')));
    const { header, ids } = await readIndex(join(root, 'sampled.index'));
    expect(header).toMatchObject({ rows: 30, fisherRows: 20 });
    expect(many.map((_, row) => idAt(ids, row))).toEqual(many.map(({ id }) => id));
    for (const at of examples.keys()) {
      const whole = inNats((await score(at, { indexFile: join(root, 'whole.index') })).scores);
      const sampled = inNats((await score(at, { indexFile: join(root, 'sampled.index') })).scores);
      expect(pearson(whole, sampled)).toBeGreaterThan(0.9);
      // The rows that say the same score most together, wherever they lie and whether or not they are in the sample.
      const byFact = examples.map((_, fact) => sum(sampled.filter((__, row) => row % examples.length === fact)));
      expect(argMax(byFact)).toBe(at);
    }
  });
});

describe('what cannot be attributed', () => {
  it('is refused by code: another adapter, another base, a broken index, an answer that is empty or too long', async () => {
    const foreign = join(root, 'foreign');
    await createTinyAdapter(foreign, 'x');
    const wrongIndex = { code: 'attribution_index_invalid' };
    await expect(score(0, { adapterDir: foreign })).rejects.toMatchObject(wrongIndex);
    const otherBase = await createTinyModel(join(root, 'other-model'), 'other');
    await expect(score(0, { modelDir: otherBase })).rejects.toMatchObject(wrongIndex);
    await expect(score(0, { indexFile: join(adapterDir, 'adapter_config.json') })).rejects.toMatchObject(wrongIndex);
    const wrongQuery = { code: 'attribution_query_invalid' };
    await expect(score(0, { completionIds: [] })).rejects.toMatchObject(wrongQuery);
    await expect(score(0, { completionIds: new Array<number>(96).fill(9) })).rejects.toMatchObject(wrongQuery);
    expect((await score(0)).scores).toHaveLength(examples.length);
  });

  it('a stopped build ends within a batch and leaves no file', async () => {
    const outFile = join(root, 'stopped.index');
    const controller = new AbortController();
    const many = Array.from({ length: 200 }, (_, i) => ({ ...examples[i % 6]!, id: `ex_${i}` }));
    const onProgress = (): void => controller.abort();
    const build = engine.buildIndex({
      modelDir,
      adapterDir,
      examples: many,
      outFile,
      onProgress,
      signal: controller.signal,
    });
    await expect(build).rejects.toMatchObject({ code: 'attribution_stopped' });
    await expect(access(outFile)).rejects.toMatchObject({ code: 'ENOENT' });
    const closed = AttributionEngine.open();
    const unfinished = closed.buildIndex({ modelDir, adapterDir, examples: many, outFile });
    const refused = expect(unfinished).rejects.toMatchObject({ code: 'attribution_stopped' });
    await closed.close();
    await refused;
  });
});

function pearson(a: readonly number[], b: readonly number[]): number {
  const centre = (values: readonly number[]): number[] => values.map((value) => value - sum(values) / values.length);
  const [x, y] = [centre(a), centre(b)];
  return sum(x.map((value, i) => value * y[i]!)) / Math.sqrt(sum(x.map((v) => v * v)) * sum(y.map((v) => v * v)));
}

function argMax(values: readonly number[]): number {
  return values.indexOf(Math.max(...values));
}
